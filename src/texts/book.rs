//! What `prova book` says.

crate::texts! {
    /// The talk of the book's maker.
    pub enum BookTalk {
        NoBook {
            tr: "burada kitap yok: komutu projenin klasöründe çalıştırın (book/src/SUMMARY.md aranıyor)",
            en: "there is no book here: run this in the project's folder (looking for book/src/SUMMARY.md)",
        },
        Checked {
            tr: "{chapters} bölüm okundu, {claims} iddia kanıtlandı, {faults} hata bulundu",
            en: "{chapters} chapters read, {claims} claims proven, {faults} faults found",
        },
        Uncovered {
            tr: "henüz hiçbir bölümün ele almadığı satırlar: {rows}",
            en: "rows that no chapter covers yet: {rows}",
        },
        Built { tr: "kitap hazır: {folder}/index.html", en: "the book is ready: {folder}/index.html" },
        Serving {
            tr: "kitap http://127.0.0.1:{port} adresinde; bitirmek için Ctrl-C",
            en: "the book is at http://127.0.0.1:{port}; Ctrl-C ends",
        },
        NeedsFeature {
            tr: "sayfaları kurmak için: cargo run --release --features book -- book build",
            en: "to build the pages: cargo run --release --features book -- book build",
        },
        Help {
            tr: "Kitabın iddialarını kanıtlar, sayfalarını kurar ve bu makinede sunar",
            en: "Proves the claims of the book, builds its pages and serves them on this machine",
        },
        Task { tr: "check (denetle), build (kur) ya da serve (sun)", en: "check, build or serve" },
        Port { tr: "Sunucunun bağlantı noktası (öntanımlı 3000)", en: "The server's port (3000 by default)" },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_are_there() {
        crate::texts::assert_complete::<super::BookTalk>();
    }
}
