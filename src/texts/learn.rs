//! The words of the line mode of `prova learn`, and of its `--repair`.

crate::texts! {
    /// What can be typed in the line mode, and what came of a repair.
    pub enum Learn {
        HintWord { tr: "ipucu", en: "hint" },
        HintHelp { tr: "bir ipucu daha", en: "one hint more" },
        TaskWord { tr: "görev", en: "task" },
        TaskHelp { tr: "görevi yeniden gösterir", en: "shows the task again" },
        VerdictWord { tr: "denetle", en: "verdict" },
        VerdictHelp { tr: "dosyanızı yeniden denetler; boş satır da", en: "judges your file again; so does an empty line" },
        NextWord { tr: "sıradaki", en: "next" },
        NextHelp { tr: "sıradaki açık alıştırmaya geçer", en: "goes on to the next open exercise" },
        ListWord { tr: "liste", en: "list" },
        ListHelp { tr: "bütün alıştırmaları sıralar", en: "lists all exercises" },
        SolutionWord { tr: "çözüm", en: "solution" },
        SolutionHelp { tr: "çözümü gösterir; alıştırma bittikten sonra", en: "shows the solution, once the exercise is done" },
        ResetWord { tr: "baştan", en: "reset" },
        ResetHelp { tr: "dosyayı başlangıca döndürür; önce sorar, eskisini saklar", en: "takes the file back to the start; asks first, keeps the old one" },
        HelpWord { tr: "yardım", en: "help" },
        HelpHelp { tr: "bu liste", en: "this list" },
        QuitWord { tr: "çık", en: "quit" },
        QuitHelp { tr: "bitirir", en: "ends" },
        NotKnown { tr: "bu anlaşılmadı; yazabilecekleriniz: {commands}", en: "this was not understood; what you can type: {commands}" },
        Sure { tr: "{file} başlangıca dönsün mü? Sizinki saklanır. Onay için yeniden r, vazgeçmek için başka bir satır", en: "take {file} back to the start? Yours is kept. r again to confirm, any other line to leave it" },
        NextOffer { tr: "sıradaki: n · {id}", en: "next: n · {id}" },
        NoOther { tr: "başka açık alıştırma yok", en: "there is no other open exercise" },
        HintHere { tr: "ipucu için: h", en: "for a hint: h" },

        Aside { tr: "{file} okunamadı; {aside} adıyla kenara kondu", en: "{file} could not be read; it was set aside as {aside}" },
        FromAside { tr: "{id}: {state} · kenara konan dosyadan: {file}", en: "{id}: {state} · from the file set aside: {file}" },
        FromSolved { tr: "{id}: {state} · dosyanız geçiyor: {file}", en: "{id}: {state} · your file passes: {file}" },
        FromTried { tr: "{id}: {state} · dosyanız henüz geçmiyor: {file}", en: "{id}: {state} · your file does not pass yet: {file}" },
        Lost { tr: "{id}: {file} içindeki kaydı okunamadı", en: "{id}: its record in {file} could not be read" },
        Restored { tr: "geri yüklenen kayıt: {count}, zaten yerinde olan: {kept} ({file})", en: "records restored: {count}, already in place: {kept} ({file})" },
        NothingToRestore { tr: "geri yüklenecek bir şey yok; yerinde olan kayıt: {kept}", en: "there is nothing to restore; records in place: {kept}" },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_has_both_languages() {
        crate::texts::assert_complete::<super::Learn>();
    }
}
