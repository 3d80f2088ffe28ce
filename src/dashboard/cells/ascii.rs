//! The same screen in letters of ASCII, for terminals and code pages that know no others.

use ratatui::buffer::Buffer;

/// Rewrites every cell.
pub(super) fn rewrite(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if !symbol.is_ascii() {
            let plain: String = symbol.chars().take(1).map(plain).collect();
            cell.set_symbol(&plain);
        }
    }
}

/// The letter of ASCII that stands for a letter.
pub(crate) fn plain(letter: char) -> char {
    match letter {
        'ç' | 'Ç' => keep_case(letter, 'c'),
        'ğ' | 'Ğ' => keep_case(letter, 'g'),
        'ı' => 'i',
        'İ' => 'I',
        'ö' | 'Ö' => keep_case(letter, 'o'),
        'ş' | 'Ş' => keep_case(letter, 's'),
        'ü' | 'Ü' => keep_case(letter, 'u'),
        'â' => 'a',
        'î' => 'i',
        'û' => 'u',
        '─' | '━' | '╌' | '–' | '—' | '−' => '-',
        '│' | '┃' | '▌' | '▏' => '|',
        '┌' | '┐' | '└' | '┘' | '┏' | '┓' | '┗' | '┛' => '+',
        '→' | '▶' | '❯' => '>',
        '←' | '◀' => '<',
        '↑' | '⇧' => '^',
        '↓' => 'v',
        '×' => 'x',
        '●' | '·' | '◆' | '★' => '*',
        '○' | '◐' | '◉' => 'o',
        '✖' => 'x',
        '✔' => '+',
        '▲' => '!',
        '≠' => '=',
        '█' => '#',
        '░' => '-',
        '…' => '~',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        'µ' => 'u',
        letter if letter.is_ascii() => letter,
        _ => '?',
    }
}

fn keep_case(letter: char, plain: char) -> char {
    if letter.is_uppercase() { plain.to_ascii_uppercase() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkish_stays_readable() {
        let text: String = "Düğüm çöktü: İŞÇİ ığ → …".chars().map(plain).collect();
        assert_eq!(text, "Dugum coktu: ISCI ig > ~");
    }
}
