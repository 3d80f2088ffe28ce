//! The timeline strip: one line of time with its marks, one line of names.
//!
//! What lies beyond the furthest moment that was played has its sign, but not its name: that
//! something is going to happen there is no secret, and a learner may steer to it; what it is would
//! answer the question before a prediction was made. Bookmarks that wait for a condition have no
//! place before it holds.

use crate::dashboard::model::Role;
use crate::dashboard::screen::{Strip, StripMark};
use crate::kernel::SimTime;
use crate::lab::MarkKind;
use crate::tell::form;
use crate::texts::Lang;

use super::line::{Line, width};

/// The part of the first line that shows time: its first column and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Track {
    pub(super) from: usize,
    pub(super) width: usize,
}

/// The two lines, and where time stands on the first.
pub(super) fn lines(strip: &Strip, lang: Lang, ascii: bool, room: usize) -> ([Line; 2], Track) {
    let end = form::short(lang, strip.end.since(SimTime::ZERO));
    let tail = format!(" {end}");
    let width_of_track = room.saturating_sub(width(&tail) + 1).max(8);
    let track = Track { from: 1, width: width_of_track };
    ([time(strip, ascii, track, &tail), names(strip, track)], track)
}

fn place(at: SimTime, strip: &Strip, track: Track) -> usize {
    let end = strip.end.as_nanos().max(1);
    let last = u128::try_from(track.width.saturating_sub(1)).unwrap_or(0);
    let place = u128::from(at.as_nanos().min(end)) * last / u128::from(end);
    usize::try_from(place).unwrap_or(0)
}

fn role(kind: MarkKind) -> Role {
    match kind {
        MarkKind::Step => Role::Warning,
        MarkKind::Bookmark | MarkKind::Own => Role::Mark,
        MarkKind::Done => Role::Act,
    }
}

fn time(strip: &Strip, ascii: bool, track: Track, tail: &str) -> Line {
    let (past, ahead, unknown, cursor) =
        if ascii { ("=", "-", ".", "O") } else { ("━", "─", "·", "◉") };
    let now = place(strip.now, strip, track);
    let known = place(strip.known, strip, track);
    let mut line = Line::default();
    line.put(Role::Plain, " ");
    for spot in 0..track.width {
        let mark = strip.marks.iter().rev().find(|mark| place(mark.at, strip, track) == spot);
        match mark {
            _ if spot == now => line.put(Role::Strong, cursor),
            Some(mark) => {
                let role = role(mark.kind);
                line.put(role, role.sign(ascii).unwrap_or("|"));
            }
            None if spot < now => line.put(Role::Accent, past),
            None if spot <= known => line.put(Role::Faint, ahead),
            None => line.put(Role::Faint, unknown),
        }
    }
    line.put(Role::Faint, tail);
    line
}

/// Names below their marks; the nearest to the cursor first, others where there is room.
fn names(strip: &Strip, track: Track) -> Line {
    let mut taken: Vec<(usize, usize, &StripMark)> = Vec::new();
    let known = strip.marks.iter().filter(|mark| mark.at <= strip.known);
    let mut order: Vec<&StripMark> = known.collect();
    let far = |mark: &&StripMark| mark.at.as_nanos().abs_diff(strip.now.as_nanos());
    // Of one moment, the bookmark says it in fewer words.
    order.sort_by_key(|mark| (far(mark), mark.kind == MarkKind::Step));
    let room = track.from + track.width;
    for mark in order {
        let start = track.from + place(mark.at, strip, track);
        let held = taken.iter().any(|(from, to, _)| start >= *from && start <= *to);
        let next = taken.iter().map(|(from, ..)| *from).filter(|from| *from > start).min();
        let free =
            next.map_or(room.max(start), |next| next.saturating_sub(1)).saturating_sub(start);
        let wanted = width(&mark.name).min(28);
        // At the right end there is room to the left.
        let (start, free) = match next {
            None if free < wanted => {
                let moved = room.saturating_sub(wanted);
                let clear = taken.iter().all(|(_, to, _)| moved > *to + 1);
                if clear { (moved, wanted) } else { (start, free) }
            }
            _ => (start, free),
        };
        let long = wanted.min(free);
        if !held && (long == wanted || long >= 4) && long > 0 {
            taken.push((start, start + long, mark));
        }
    }
    taken.sort_by_key(|(start, ..)| *start);
    let mut line = Line::default();
    for (start, to, mark) in taken {
        line.pad(start);
        line.put(role(mark.kind), super::line::cut(&mark.name, to - start));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_and_every_mark_stand_at_their_time() {
        let mark = |secs, name: &str| StripMark {
            at: SimTime::from_secs(secs),
            kind: MarkKind::Bookmark,
            name: name.to_owned(),
        };
        let strip = Strip {
            now: SimTime::from_secs(50),
            known: SimTime::from_secs(75),
            end: SimTime::from_secs(100),
            marks: vec![mark(0, "baş"), mark(60, "orta"), mark(100, "son")],
        };
        let ([time, names], track) = lines(&strip, Lang::Tr, true, 60);
        let letters: String = time.bits.iter().map(|bit| bit.text.as_str()).collect();
        assert_eq!(
            letters.chars().position(|sign| sign == 'O'),
            Some(track.from + track.width.saturating_sub(1) / 2)
        );
        assert!(letters.trim_end().ends_with("100 s") && letters.contains('.'), "{letters}");
        let names: String = names.bits.iter().map(|bit| bit.text.as_str()).collect();
        assert!(names.trim_start().starts_with("baş") && names.ends_with("orta"), "{names}");
        assert!(!names.contains("son"), "what was not played has no name yet: {names}");
    }
}
