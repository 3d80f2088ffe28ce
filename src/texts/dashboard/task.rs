//! What the dashboard says about an exercise.

crate::texts! {
    /// The task panel, its questions and notices.
    pub enum Task {
        Name { tr: "Görev", en: "Task" },
        Head { tr: "{id} · {title} ({minutes} dk)", en: "{id} · {title} ({minutes} min)" },
        File { tr: "dosyanız: {file} — e ile düzenleyin ya da kendi düzenleyicinizde açın; her kayıtta denetlenir", en: "your file: {file} — edit it with e or open it in your own editor; every save is judged" },
        Progress { tr: "{state} · {attempts} deneme", en: "{state} · {attempts} attempt(s)" },
        Result { tr: "Sonuç", en: "Verdict" },
        Judging { tr: "denetleniyor …", en: "being judged …" },
        Wrong { tr: "dosya okunamadı; düzeltip yeniden kaydedin", en: "the file cannot be read; mend it and save again" },
        Broken { tr: "alıştırmanın kendisi bozuk: {why}", en: "the exercise itself is broken: {why}" },
        Predict { tr: "Önce tahmin edin: koşu, bütün yanıtlar verilince açılır. Enter yanıt yazar.", en: "Predict first: the run opens when every question has an answer. Enter writes one." },
        Answers { tr: "Yanıtlarınız eksik. Koşuya bakabilirsiniz; Enter yanıt yazar.", en: "Answers are missing. You may look at the run; Enter writes one." },
        NoAnswer { tr: "yanıt yok", en: "no answer yet" },
        Given { tr: "yanıtınız: {answer}", en: "your answer: {answer}" },
        Held { tr: "hepsi tuttu ({all}/{all})", en: "all held ({all}/{all})" },
        NotHeld { tr: "{held}/{all} tuttu", en: "{held}/{all} held" },
        At { tr: "{demand} ({at})", en: "{demand} ({at})" },
        Seen { tr: "olan: {at} anında {seen}", en: "seen at {at}: {seen}" },
        SeenPlain { tr: "olan: {seen}", en: "seen: {seen}" },
        About { tr: "nesne: {object}", en: "object: {object}" },
        InCase { tr: "“{case}” adlı ek koşuda", en: "in the further run “{case}”" },
        Cause { tr: "neden: {at} anında {cause}", en: "cause at {at}: {cause}" },
        MistakeNote { tr: "Sık yapılan bir yanılgı: {note}", en: "An error that many make: {note}" },
        Keys { tr: "Enter ya da g: o ana git · w: neden · f: geçen tohumla karşılaştır · h: ipucu", en: "Enter or g: go there · w: why · f: compare with a passing seed · h: hint" },
        KeysOfAnswers { tr: "Enter ya da g: o ana git · d: yanıtı değiştir · h: ipucu", en: "Enter or g: go there · d: another answer · h: hint" },
        SeedsRun { tr: "tohumlar: {played}/{all} denendi, {passed} geçti …", en: "seeds: {played}/{all} played, {passed} passed …" },
        SeedsAll { tr: "geçti: {passed}/{all} tohum", en: "passed: {passed}/{all} seeds" },
        SeedsNone { tr: "{all} tohumun hiçbirinde geçmiyor: şans değil, çözümün kendisi eksik", en: "it passes on none of {all} seeds: not chance, something is missing" },
        SeedsSome { tr: "{all} tohumun {passed} tanesinde geçiyor: sonuç şansa bağlı", en: "it passes on {passed} of {all} seeds: it depends on chance" },
        SeedsFirst { tr: "yalnızca ilk tohumda geçmiyor ({all} tohumun hepsinde geçti): sonuç şansa bağlı", en: "only the first seed fails (all {all} others passed): it depends on chance" },
        SeedBroken { tr: "tohum {seed} ile bozuldu; şansa güvenmeyen bir çözüm arayın", en: "it breaks on seed {seed}; look for a solution that needs no luck" },
        Done { tr: "Bitti. s çözümle karşılaştırır, l bütün alıştırmaları gösterir.", en: "Done. s shows our solution, l all exercises." },
        Next { tr: "sıradaki: {id} · {title}", en: "next: {id} · {title}" },
        HintOf { tr: "ipucu {rung}/{all}: {hint}", en: "hint {rung}/{all}: {hint}" },
        HintHow { tr: "h: ipucu ({rung}/{all})", en: "h: hint ({rung}/{all})" },
        HintTitle { tr: "İpucu", en: "Hint" },
        HintLast { tr: "Başka ipucu yok; l ile başka bir alıştırmaya geçebilir, r ile baştan başlayabilirsiniz.", en: "There is no further hint; l goes to another exercise, r begins again." },
        RunTitle { tr: "Koşu", en: "Run" },
        NoRun { tr: "Koşu, tahmininiz kaydedilince burada açılır.", en: "The run opens here when your prediction is saved." },

        ListTitle { tr: "Alıştırmalar ({done}/{all} bitti)", en: "Exercises ({done}/{all} done)" },
        ListItem { tr: "{title} ({minutes} dk)", en: "{title} ({minutes} min)" },
        New { tr: "yeni", en: "new" },
        Tried { tr: "denendi", en: "tried" },
        Solved { tr: "bitti", en: "done" },
        Skipped { tr: "atlandı", en: "skipped" },
        Missing { tr: "Atladığınız ön alıştırmalar: {ids}", en: "Skipped before this: {ids}" },
        SolutionTitle { tr: "Çözüm (sizinki başka olabilir)", en: "Solution (yours may differ)" },
        SolutionLater { tr: "Çözüm, alıştırma bitince gösterilir; h ipucu verir.", en: "The solution is shown when the exercise is done; h gives a hint." },
        AgainTitle { tr: "Baştan başlansın mı?", en: "Begin again?" },
        AgainYes { tr: "evet, başlangıç dosyasına dön", en: "yes, back to the file of the start" },
        AgainYesHow { tr: "sizinki .eski adıyla saklanır", en: "yours is kept with the ending .eski" },
        AgainNo { tr: "hayır", en: "no" },
        WasSkipped { tr: "{id} atlandı olarak yazıldı", en: "{id} is written down as skipped" },
        WasReset { tr: "{file} yeniden başlangıçtaki gibi; eskisi: {old}", en: "{file} is as at the start again; the old one: {old}" },
        NoExercise { tr: "Açık bir alıştırma yok; l alıştırmaları listeler.", en: "No exercise is open; l lists them." },
        AnswerTitle { tr: "Yanıtınız", en: "Your answer" },
        AnswerLabel { tr: "yanıt", en: "answer" },
        AnswerOrder { tr: "Virgülle ayrılmış sözcükler, sırayla.", en: "Words with commas between, in order." },
        AnswerNumber { tr: "Bir sayı ya da süre: 50 · 48,7 · 1m30s", en: "A number or a time: 50 · 48.7 · 1m30s" },
        AnswerWord { tr: "Bir sözcük.", en: "A word." },
        AnswerUnwritable { tr: "Yanıt dosyaya yazılamadı; dosyayı e ile açıp kendiniz yazın.", en: "The answer could not be written; open the file with e and write it yourself." },
        NoEditor { tr: "EDITOR ortam değişkeni yok; {file} dosyasını kendi düzenleyicinizde açın.", en: "EDITOR is not set; open {file} in your own editor." },
        EditorFailed { tr: "Düzenleyici açılamadı ({reason}); {file} dosyasını kendiniz açın.", en: "The editor did not start ({reason}); open {file} yourself." },
        NoViolation { tr: "Gidilecek bir an yok: bu satır bir ana bağlı değil.", en: "There is no moment to go to: this line is tied to none." },
        WentTo { tr: "{at}: {seen}", en: "{at}: {seen}" },
        NoRunNow { tr: "Önce dosyanız okunabilir ve yanıtlarınız tam olmalı.", en: "First your file must be readable and your answers complete." },
        SeedsWait { tr: "Öbür tohumlar henüz denenmedi; biraz sonra yeniden deneyin.", en: "The other seeds have not been played yet; try again in a moment." },
        NoPassing { tr: "Karşılaştıracak bir koşu yok: hiçbir tohum geçmedi.", en: "There is nothing to compare with: no seed passed." },
        SeedBranch { tr: "tohum {seed}", en: "seed {seed}" },
        Mark { tr: "ihlal: {name}", en: "violation: {name}" },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_has_both_languages() {
        crate::texts::assert_complete::<super::Task>();
    }
}
