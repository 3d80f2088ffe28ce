//! A screen as cells of a terminal.
//!
//! Nothing is decided here but places: what is said stands in the [`Screen`], what it looks like in
//! the [`Theme`]. A page becomes lines, each knowing what it stands for; the chosen line is drawn the
//! other way round and always in sight.
//!
//! | file | what lives there |
//! |---|---|
//! | `line` | lines of pieces; wrapping and cutting |
//! | `page` `table` `map` `lanes` | blocks as lines |
//! | `strip` | the timeline |
//! | `ascii` | the same in letters of ASCII |

mod ascii;
mod lanes;
mod line;
mod map;
mod page;
mod strip;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::{Block as Frame, BorderType, Clear, Widget as _};

use super::app::Focus;
use super::model::{Page, Role, Text, Tier};
use super::screen::{Over, Panel, Screen, of_width, tier};
use super::stops::Stop;
use super::theme::Theme;

use line::{Line, cut_text, width, wrap};
use page::Room;

/// Where something that can be pointed at was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its cells.
    pub area: Rect,
    /// What it is.
    pub what: What,
}

/// What can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A line of a panel.
    Stop(Focus, Stop),
    /// The timeline.
    Strip,
    /// A view, by its key.
    Tab(char),
}

impl Hit {
    /// Whether a cell belongs to it.
    #[must_use]
    pub fn holds(&self, column: u16, row: u16) -> bool {
        self.area.contains(Position { x: column, y: row })
    }
}

/// Draws a screen; gives what can be pointed at, what lies on top last.
pub fn draw(screen: &Screen, theme: &Theme, buffer: &mut Buffer) -> Vec<Hit> {
    let area = buffer.area;
    buffer.set_style(area, theme.ground());
    let mut brush = Brush { screen, theme, buffer, hits: Vec::new() };
    if area.width < 40 || area.height < 8 {
        brush.tiny(area);
    } else {
        brush.whole(area);
    }
    let hits = brush.hits;
    if screen.ascii {
        ascii::rewrite(buffer);
    }
    hits
}

/// What is drawn with.
struct Brush<'a> {
    screen: &'a Screen,
    theme: &'a Theme,
    buffer: &'a mut Buffer,
    hits: Vec<Hit>,
}

impl Brush<'_> {
    fn whole(&mut self, area: Rect) {
        let strip_rows = if self.screen.strip.is_some() { 2 } else { 0 };
        let tab_rows = if self.screen.tabs.is_empty() { 0 } else { 1 };
        let [top, tabs, middle, strip, bar] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(tab_rows),
            Constraint::Min(1),
            Constraint::Length(strip_rows),
            Constraint::Length(1),
        ])
        .areas(area);
        self.text(top, &self.screen.top.clone());
        self.tabs(tabs);
        self.panels(middle);
        if let Some(over) = &self.screen.overlay {
            self.over(over, middle);
        }
        self.notice(middle);
        self.strip(strip);
        self.bar(bar);
    }

    /// Too small for a page: where the run stands, and the timeline.
    fn tiny(&mut self, area: Rect) {
        let rows = u16::try_from(self.screen.strip.iter().count() * 2).unwrap_or(0);
        let [top, middle, strip] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(rows.min(area.height.saturating_sub(1))),
        ])
        .areas(area);
        self.text(top, &self.screen.top.clone());
        if let Some(panel) = self.screen.panels.iter().find(|panel| panel.active) {
            let room = usize::from(middle.width);
            let lines = wrap(&panel.page.title, room);
            for (line, row) in lines.iter().zip(middle.rows()) {
                self.text(row, line);
            }
        }
        self.strip(strip);
    }

    fn text(&mut self, area: Rect, text: &Text) {
        let room = usize::from(area.width);
        self.line(area, &Line::of(&cut_text(text, room)), None);
    }

    /// Draws one line on the first row of an area.
    fn line(&mut self, area: Rect, line: &Line, chosen: Option<&Stop>) {
        if area.height == 0 {
            return;
        }
        let mut column = area.x;
        let end = area.right();
        for bit in &line.bits {
            if column >= end {
                return;
            }
            let here = chosen.is_some() && bit.stop.as_ref() == chosen;
            let style = if here { self.theme.chosen(bit.role) } else { self.theme.style(bit.role) };
            let room = usize::from(end - column);
            let (next, _) = self.buffer.set_stringn(column, area.y, &bit.text, room, style);
            column = next;
        }
    }

    fn tabs(&mut self, area: Rect) {
        let tabs = self.screen.tabs.clone();
        let all: usize = tabs.iter().map(|tab| width(&tab.name) + 3).sum();
        let narrow = all > usize::from(area.width);
        let mut column = area.x;
        for tab in &tabs {
            // Where there is no room for names, the key alone does.
            let name = if narrow && !tab.here { String::new() } else { format!(" {}", tab.name) };
            let words = format!("{}{name}", tab.key);
            let long = u16::try_from(width(&words)).unwrap_or(0);
            if column + long > area.right() {
                return;
            }
            let mut line = Line::default();
            line.put(Role::Key, tab.key.to_string());
            line.put(if tab.here { Role::Strong } else { Role::Faint }, name);
            let cell = Rect { x: column, width: long, ..area };
            self.line(cell, &line, None);
            if tab.here {
                let style = self.theme.chosen(Role::Strong);
                self.buffer.set_style(cell, style);
            }
            self.hits.push(Hit { area: cell, what: What::Tab(tab.key) });
            column += long + 1;
        }
    }

    fn panels(&mut self, area: Rect) {
        let panels = &self.screen.panels;
        // The view is the broadest, wherever it stands.
        let part = |panel: &Panel| match (panels.len(), panel.focus) {
            (2, Focus::Main) => 3,
            (2, Focus::Lesson | Focus::Why | Focus::Task) => 2,
            (_, Focus::Main) => 2,
            (_, Focus::Lesson | Focus::Why | Focus::Task) => 1,
        };
        let parts = panels.iter().map(|panel| Constraint::Fill(part(panel)));
        let areas = Layout::horizontal(parts).split(area);
        for (panel, area) in panels.iter().zip(areas.iter()) {
            self.panel(panel, *area);
        }
    }

    fn panel(&mut self, panel: &Panel, area: Rect) {
        let tier = tier(self.screen.size);
        let inner = if self.screen.panels.len() > 1 {
            let role = if panel.active { Role::Title } else { Role::Faint };
            let border = if panel.active { BorderType::Thick } else { BorderType::Plain };
            let frame = Frame::bordered().border_type(border).border_style(self.theme.style(role));
            let inner = frame.inner(area);
            frame.render(area, self.buffer);
            let title = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
            let mut words = Text::new(role, " ");
            words.0.extend(panel.title.0.iter().cloned());
            let room = usize::from(title.width).saturating_sub(1);
            self.text(title, &cut_text(&words, room).and(role, " "));
            inner
        } else {
            let [head, inner] =
                Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
            self.text(head, &panel.title);
            inner
        };
        let tier =
            if self.screen.panels.len() == 1 { tier } else { tier.min(of_width(inner.width)) };
        self.page(&panel.page, panel.chosen.as_ref(), panel.active, (inner, tier, panel.focus));
    }

    fn room(&self, width: usize, tier: Tier) -> Room {
        let boxed = self.screen.panels.len() > 1;
        Room { width, tier, boxed, ascii: self.screen.ascii }
    }

    /// A page, scrolled so that the chosen line is in sight.
    fn page(
        &mut self,
        page: &Page,
        chosen: Option<&Stop>,
        active: bool,
        (area, tier, focus): (Rect, Tier, Focus),
    ) {
        // The last column tells whether there is more above or below.
        let room = self.room(usize::from(area.width.saturating_sub(1)), tier);
        let lines = page::lines(page, room);
        let height = usize::from(area.height);
        let here = chosen.and_then(|stop| lines.iter().position(|line| line.holds(stop)));
        let most = lines.len().saturating_sub(height);
        // A page is not scrolled before it must be; then some lines below stay in sight: of text
        // that is read, more, so that no paragraph hides behind the edge.
        let reads = here.is_some_and(|here| {
            lines[here].read || lines.get(here + 1).is_some_and(|next| next.read)
        });
        let above = if reads { height / 3 } else { height * 2 / 3 };
        let offset = here.unwrap_or(0).saturating_sub(above).min(most);
        for (line, row) in lines.iter().skip(offset).zip(area.rows()) {
            let row = Rect { width: row.width.saturating_sub(1), ..row };
            self.line(row, line, chosen.filter(|_| active));
            self.pointed(line, row, focus);
            let on = line.stop.is_some() && line.stop.as_ref() == chosen;
            if on && active {
                let edge = Rect { width: row.width.min(1), ..row };
                self.buffer.set_style(if line.read { edge } else { row }, Modifier::REVERSED);
            }
        }
        self.stay(&lines, offset, area);
        self.more(area, offset > 0, offset < most);
    }

    /// The head of a table stays in sight while its rows scroll.
    fn stay(&mut self, lines: &[Line], offset: usize, area: Rect) {
        let Some(first) = lines.get(offset).filter(|first| !first.head && offset > 0) else {
            return;
        };
        let head = lines[..offset].iter().rev().find(|line| line.head && line.block == first.block);
        if let Some(head) = head {
            let row = Rect { height: 1, ..area };
            self.buffer.set_style(row, Modifier::empty());
            Clear.render(row, self.buffer);
            self.buffer.set_style(row, self.theme.ground());
            self.line(row, head, None);
        }
    }

    /// What can be pointed at on a line.
    fn pointed(&mut self, line: &Line, row: Rect, focus: Focus) {
        if let Some(stop) = &line.stop {
            self.hits.push(Hit { area: row, what: What::Stop(focus, stop.clone()) });
        }
        let mut column = row.x;
        for bit in &line.bits {
            let long = u16::try_from(width(&bit.text)).unwrap_or(0);
            if let Some(stop) = &bit.stop {
                let area = Rect { x: column, width: long, ..row };
                self.hits.push(Hit { area, what: What::Stop(focus, stop.clone()) });
            }
            column = column.saturating_add(long);
        }
    }

    fn more(&mut self, area: Rect, above: bool, below: bool) {
        if area.width == 0 || area.height == 0 {
            return;
        }
        let style = self.theme.style(Role::Key);
        let column = area.right() - 1;
        if above {
            self.buffer.set_string(column, area.y, "↑", style);
        }
        if below {
            self.buffer.set_string(column, area.bottom() - 1, "↓", style);
        }
    }

    fn over(&mut self, over: &Over, area: Rect) {
        let broad = if area.width >= 120 { area.width * 3 / 4 } else { area.width };
        let lines = {
            // Two columns of the frame, one that tells of more.
            let room = self.room(usize::from(broad.saturating_sub(3)), tier(self.screen.size));
            page::lines(&over.page, room).len()
        };
        let input = u16::from(over.input.is_some());
        let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2 + input);
        let height = wanted.clamp(3, area.height.max(3)).min(area.height);
        let place = Rect {
            x: area.x + (area.width - broad) / 2,
            y: area.y + (area.height - height) / 2,
            width: broad,
            height,
        };
        Clear.render(place, self.buffer);
        self.buffer.set_style(place, self.theme.ground());
        let frame = Frame::bordered()
            .border_type(BorderType::Thick)
            .border_style(self.theme.style(Role::Title));
        let inner = frame.inner(place);
        frame.render(place, self.buffer);
        let title = Rect { x: place.x + 2, width: place.width.saturating_sub(4), ..place };
        self.text(title, &Text::new(Role::Title, format!(" {} ", over.title)));
        let [line, list] =
            Layout::vertical([Constraint::Length(input), Constraint::Min(0)]).areas(inner);
        if let Some((label, typed)) = &over.input {
            let cursor = if self.screen.ascii { "_" } else { "▏" };
            let room = usize::from(line.width).saturating_sub(width(label) + 3);
            let typed = tail(typed, room);
            let text = Text::new(Role::Faint, format!("{label}: "))
                .and(Role::Strong, typed)
                .and(Role::Key, cursor);
            self.text(line, &text);
        }
        let tier = tier(self.screen.size);
        self.page(&over.page, over.chosen.as_ref(), true, (list, tier, Focus::Main));
    }

    /// On the last row of the panels.
    fn notice(&mut self, area: Rect) {
        let Some(notice) = self.screen.notice.clone() else { return };
        let lines = wrap(&notice, usize::from(area.width));
        let count = u16::try_from(lines.len()).unwrap_or(1).min(area.height);
        for (place, line) in (0..count).zip(&lines) {
            let row = Rect { y: area.bottom() - count + place, height: 1, ..area };
            Clear.render(row, self.buffer);
            self.buffer.set_style(row, self.theme.chosen(Role::Plain));
            self.text(row, line);
            self.buffer.set_style(row, Modifier::REVERSED);
        }
    }

    fn strip(&mut self, area: Rect) {
        let Some(strip) = &self.screen.strip else { return };
        let room = usize::from(area.width);
        let (lines, track) = strip::lines(strip, self.screen.lang, self.screen.ascii, room);
        for (line, row) in lines.iter().zip(area.rows()) {
            self.line(row, line, None);
        }
        let area = Rect {
            x: area.x + u16::try_from(track.from).unwrap_or(0),
            width: u16::try_from(track.width).unwrap_or(area.width),
            ..area
        };
        self.hits.push(Hit { area, what: What::Strip });
    }

    /// The keys; what does not fit is behind the last one.
    fn bar(&mut self, area: Rect) {
        let (hints, more) = (&self.screen.bar, &self.screen.more);
        let room = usize::from(area.width);
        let needs = |from: usize| -> usize {
            hints[from..].iter().map(|hint| width(&hint.key) + width(&hint.word) + 3).sum()
        };
        let mut line = Line::default();
        for (place, hint) in hints.iter().enumerate() {
            let long = width(&hint.key) + width(&hint.word) + 3;
            let all_fit = line.width() + needs(place) <= room + 2;
            let last = width(&more.key) + width(&more.word) + 1;
            if !all_fit && line.width() + long + last > room {
                line.put(Role::Key, more.key.as_str());
                line.put(Role::Plain, format!(" {}", more.word));
                break;
            }
            line.put(Role::Key, hint.key.as_str());
            line.put(Role::Plain, format!(" {}  ", hint.word));
        }
        self.line(area, &line, None);
    }
}

/// The end of a line that is too long: what is being typed must be seen.
fn tail(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut letters: Vec<char> = text.chars().collect();
    while width(&letters.iter().collect::<String>()) + 1 > room && !letters.is_empty() {
        letters.remove(0);
    }
    let rest: String = letters.into_iter().collect();
    format!("…{rest}")
}
