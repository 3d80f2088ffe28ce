//! "Did you mean …": which known word is nearest to a mistyped one.
//!
//! Distance is counted after [`fold`]ing, so that `dugum` is no distance at all from `düğüm` and a
//! wrong capital costs nothing; swapped neighbours count as one slip, because fingers make it.

use crate::texts::fold;

/// The known words nearest to `word`, best first, at most three; empty when nothing is near.
///
/// Near means: at most a third of the letters differ (at least one, at most three may), or one
/// word is the beginning of the other and at least three letters long.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded: Vec<char> = fold(word).chars().collect();
    if folded.is_empty() || folded.len() > 80 {
        return Vec::new();
    }
    let allowed = (folded.len() / 3).clamp(1, 3);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        let other: Vec<char> = fold(candidate).chars().collect();
        let far = folded.len().abs_diff(other.len()) > allowed;
        let distance = if far { usize::MAX } else { distance(&folded, &other) };
        let begins = folded.len() >= 3 && other.len() >= 3 && starts(&folded, &other);
        if distance <= allowed {
            found.push((distance, candidate));
        } else if begins {
            found.push((allowed + 1, candidate));
        }
    }
    found.sort_unstable();
    found.dedup();
    let best = found.first().map_or(0, |(distance, _)| *distance);
    let near = found.into_iter().filter(|(distance, _)| *distance <= best + 1);
    near.take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

fn starts(a: &[char], b: &[char]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Edit distance in which two swapped neighbours are one edit (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut rows = vec![0usize; (a.len() + 1) * width];
    for (column, cell) in rows.iter_mut().take(width).enumerate() {
        *cell = column;
    }
    for row in 1..=a.len() {
        rows[row * width] = row;
        for column in 1..=b.len() {
            let same = usize::from(a[row - 1] != b[column - 1]);
            let above = (row - 1) * width;
            let mut best = (rows[above + column] + 1)
                .min(rows[row * width + column - 1] + 1)
                .min(rows[above + column - 1] + same);
            let swapped =
                row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
            if swapped {
                best = best.min(rows[(row - 2) * width + column - 2] + 1);
            }
            rows[row * width + column] = best;
        }
    }
    rows[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_find_their_word() {
        let rows = [
            ("replcas", "replicas"),
            ("contianers", "containers"),
            ("Replicas", "replicas"),
            ("dugum", "düğüm"),
            ("IMAGE", "image"),
            ("container", "containers"),
            ("selctor", "selector"),
        ];
        let known = ["replicas", "containers", "düğüm", "image", "selector", "template"];
        for (word, expected) in rows {
            assert_eq!(nearest(word, known).first().map(String::as_str), Some(expected), "{word}");
        }
    }

    #[test]
    fn a_foreign_word_finds_nothing() {
        for word in ["", "zzz", "x", "kubernetes"] {
            assert!(nearest(word, ["replicas", "image", "name"]).is_empty(), "{word}");
        }
    }

    #[test]
    fn equal_distances_come_in_alphabetical_order_and_at_most_three() {
        assert_eq!(nearest("n2", ["n4", "n3", "n1", "n5"]), ["n1", "n3", "n4"]);
    }
}
