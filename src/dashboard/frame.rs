//! A screen as a picture: plain text, text with ANSI colours, or SVG with a text equivalent.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::cells::draw;
use super::plain;
use super::screen::Screen;
use super::theme::{Theme, rgb};

/// A screen drawn into cells of its own.
#[must_use]
pub fn cells(screen: &Screen, theme: &Theme) -> Buffer {
    let (width, height) = screen.size;
    let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
    draw(screen, theme, &mut buffer);
    buffer
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width.max(1)))
}

/// The letters, without blanks at the ends of lines.
#[must_use]
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in rows(buffer) {
        let line: String = row.iter().map(Cell::symbol).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The letters with escape sequences for colours and weight.
#[must_use]
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in rows(buffer) {
        let mut last = String::new();
        for cell in row {
            let style = sequence(cell);
            if style != last {
                let _ = write!(out, "\u{1b}[0m{style}");
                last = style;
            }
            out.push_str(cell.symbol());
        }
        out.push_str("\u{1b}[0m\n");
    }
    out
}

fn sequence(cell: &Cell) -> String {
    let mut codes: Vec<String> = Vec::new();
    for (modifier, code) in
        [(Modifier::BOLD, "1"), (Modifier::UNDERLINED, "4"), (Modifier::REVERSED, "7")]
    {
        if cell.modifier.contains(modifier) {
            codes.push(code.to_owned());
        }
    }
    if let Color::Indexed(index) = cell.fg {
        codes.push(format!("38;5;{index}"));
    }
    if let Color::Indexed(index) = cell.bg {
        codes.push(format!("48;5;{index}"));
    }
    if codes.is_empty() { String::new() } else { format!("\u{1b}[{}m", codes.join(";")) }
}

/// Width and height of a cell in the picture.
const CELL: (usize, usize) = (9, 19);

/// A picture; its description says the same in sentences.
#[must_use]
pub fn svg(screen: &Screen, theme: &Theme) -> String {
    let said = plain::sentences(screen);
    let title = escaped(said.first().map(String::as_str).unwrap_or_default());
    let about = escaped(&said.join(" "));
    let head = format!("<title>{title}</title>\n<desc>{about}</desc>");
    picture(&cells(screen, theme), "xmlns=\"http://www.w3.org/2000/svg\"", &head)
}

/// A picture for a page of HTML that says the sentences beside it, so only the title is in it.
///
/// `id` must be the only one of its kind on the page.
#[must_use]
pub fn svg_inline(screen: &Screen, theme: &Theme, id: &str, title: &str) -> String {
    let (id, title) = (escaped(id), escaped(title));
    let head = format!("<title id=\"{id}\">{title}</title>");
    picture(&cells(screen, theme), &format!("aria-labelledby=\"{id}\""), &head)
}

/// The cells with what stands in the opening tag and behind it.
fn picture(buffer: &Buffer, attributes: &str, head: &str) -> String {
    let (columns, lines) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let (width, height) = (columns * CELL.0, lines * CELL.1);
    let mut out = String::new();
    let ground = hex(ground_of(buffer).unwrap_or(231));
    let _ = writeln!(
        out,
        "<svg {attributes} viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"15\">\n{head}\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>"
    );
    for (line, row) in rows(buffer).enumerate() {
        let mut column = 0;
        while column < row.len() {
            let same = |other: &Cell| {
                other.fg == row[column].fg
                    && other.bg == row[column].bg
                    && other.modifier == row[column].modifier
            };
            let end = (column..row.len()).find(|place| !same(&row[*place])).unwrap_or(row.len());
            run(&mut out, &row[column..end], (column, line), buffer);
            column = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

/// The ground of the picture is that of its first cell.
fn ground_of(buffer: &Buffer) -> Option<u8> {
    indexed(buffer.content.first()?.bg)
}

/// Themes use colours of the palette only.
fn indexed(colour: Color) -> Option<u8> {
    if let Color::Indexed(index) = colour { Some(index) } else { None }
}

/// Some cells of one look.
fn run(out: &mut String, cells: &[Cell], (column, line): (usize, usize), buffer: &Buffer) {
    let Some(first) = cells.first() else { return };
    let ground = ground_of(buffer).unwrap_or(231);
    let text_colour = if ground_of(buffer).is_some() { 253 } else { 16 };
    let (mut fg, mut bg) =
        (indexed(first.fg).unwrap_or(text_colour), indexed(first.bg).unwrap_or(ground));
    if first.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    let (x, y) = (column * CELL.0, line * CELL.1);
    let width = cells.len() * CELL.0;
    if bg != ground {
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{}\"/>",
            CELL.1,
            hex(bg)
        );
    }
    let letters: String = cells.iter().map(Cell::symbol).collect();
    if letters.trim().is_empty() {
        return;
    }
    let weight = if first.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" \
         xml:space=\"preserve\" fill=\"{}\"{weight}>{}</text>",
        y + 14,
        hex(fg),
        escaped(&letters)
    );
}

fn hex(index: u8) -> String {
    let (red, green, blue) = rgb(index);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
