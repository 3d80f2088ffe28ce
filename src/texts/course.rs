//! The words of lessons and exercises.

crate::texts! {
    /// What a learner and an author are told.
    pub enum Course {
        Kept { tr: "zorluk silinmiş: `{part}` bölümü başlangıçtaki gibi kalmalı", en: "the difficulty is gone: `{part}` must stay as it was at the start" },
        Changed { tr: "bu bölüm değişmiş", en: "this part has changed" },
        Sides { tr: "tahmin {predicted} · olan {outcome}", en: "prediction {predicted} · outcome {outcome}" },
        Open { tr: "önce tahmin edin; yanıtı olmayanlar: {names}", en: "predict first; still without an answer: {names}" },
        NoExercise { tr: "{id} adlı bir alıştırma yok", en: "there is no exercise called {id}" },
        SameChecks { tr: "{other} adlı alıştırmayla aynı şeyi denetliyor", en: "it checks the same as exercise {other}" },
        WrongId { tr: "klasörün adı ile {id} kimliği aynı değil", en: "the folder is not called like the id {id}" },
        FourHints { tr: "tam dört ipucu olmalı", en: "there must be exactly four hints" },
        LongText { tr: "text.md boş ya da 80 sütunluk 12 satırdan uzun", en: "text.md is empty or longer than 12 lines of 80 columns" },
        NoChecks { tr: "denetlenecek hiçbir şey yok", en: "there is nothing to check" },
        UnknownCase { tr: "bir denetim, olmayan bir duruma (case) bağlı", en: "a check belongs to a case that does not exist" },
        StartPasses { tr: "başlangıç dosyası hiç dokunulmadan geçiyor", en: "the start passes as it is" },
        SolutionFails { tr: "çözüm geçmiyor: {demand} ({seen})", en: "the solution fails: {demand} ({seen})" },
        SeedFails { tr: "çözüm {seed} numaralı tohumda geçmiyor", en: "the solution fails on seed {seed}" },
        DifficultyGone { tr: "adımları silinmiş çözüm de geçiyor; `keep` ya da bir denetim ekleyin", en: "the solution passes without its steps, too; add `keep` or a check" },
        NoNote { tr: "{sample} dosyası {name} adlı yanılgının notunu göstermiyor", en: "{sample} does not bring up the note of misconception {name}" },
        ListHead { tr: "Alıştırmalar ({done}/{all} bitti)", en: "Exercises ({done}/{all} done)" },
        NoExercises { tr: "Henüz alıştırma yok.", en: "There are no exercises yet." },
        New { tr: "yeni", en: "new" },
        Tried { tr: "denendi", en: "tried" },
        Done { tr: "bitti", en: "done" },
        Skipped { tr: "atlandı", en: "skipped" },
        Minutes { tr: "{minutes} dk", en: "{minutes} min" },
        Head { tr: "{id} · {title} ({minutes} dk)", en: "{id} · {title} ({minutes} min)" },
        Edit { tr: "dosyanız: {file}", en: "your file: {file}" },
        NotPassed { tr: "{id}: {held}/{all} tuttu", en: "{id}: {held}/{all} held" },
        Passed { tr: "{id}: geçti", en: "{id}: passed" },
        PassedSeeds { tr: "{id}: geçti ({passed}/{all} tohum)", en: "{id}: passed ({passed}/{all} seeds)" },
        BrokenSeed { tr: "tohum {seed} ile bozuldu ({passed}/{all} tohum geçti); şansa güvenmeyen bir çözüm arayın", en: "it breaks on seed {seed} ({passed}/{all} seeds passed); look for a solution that needs no luck" },
        Seen { tr: "olan    : {at} anında {seen}", en: "seen    : at {at}: {seen}" },
        SeenPlain { tr: "olan    : {seen}", en: "seen    : {seen}" },
        About { tr: "nesne   : {object}", en: "object  : {object}" },
        Cause { tr: "neden   : {at} anında {cause}", en: "cause   : at {at}: {cause}" },
        Note { tr: "not     : {note}", en: "note    : {note}" },
        Hint { tr: "ipucu {rung}/{all}: {hint}", en: "hint {rung}/{all}: {hint}" },
        HintHow { tr: "ipucu için: prova learn {id} --hint", en: "for a hint: prova learn {id} --hint" },
        SolutionLater { tr: "çözüm, alıştırma bitince gösterilir", en: "the solution is shown when the exercise is done" },
        WasReset { tr: "{file} yeniden başlangıçtaki gibi; eskisi: {old}", en: "{file} is as at the start again; the old one: {old}" },
        WasSkipped { tr: "{id} adlı alıştırma atlandı olarak yazıldı", en: "exercise {id} is written down as skipped" },
        GoThere { tr: "o ana gitmek için: prova dashboard {file} --at {at}", en: "to go to that moment: prova dashboard {file} --at {at}" },
        Watching { tr: "dosya izleniyor; her kayıtta denetlenir · q ve Enter: çık", en: "watching the file; every save is judged · q and Enter: quit" },
        AllDone { tr: "Bütün alıştırmalar bitti ya da atlandı.", en: "Every exercise is done or skipped." },
        SetAside { tr: "{file} okunamadı; {aside} adıyla kenara kondu, yeni bir ilerleme başladı", en: "{file} could not be read; it was set aside as {aside}, and a new progress begins" },
        Verified { tr: "{count} alıştırma denetlendi: sorun yok", en: "{count} exercises verified: nothing is wrong" },
        NotVerified { tr: "{count} sorun bulundu", en: "{count} problems found" },
        NoQuiz { tr: "soruları olan {id} adlı bir bölüm yok", en: "there is no chapter {id} with questions" },
        QuizList { tr: "Sınaması olan bölümler", en: "Chapters with a quiz" },
        QuizCount { tr: "{count} soru", en: "{count} questions" },
        QuizHow { tr: "başlamak için: prova quiz 12", en: "to begin: prova quiz 12" },
        QuizHead { tr: "{title} · {count} soru (boş satır: geç)", en: "{title} · {count} questions (empty line: pass)" },
        QuizOne { tr: "numarası", en: "its number" },
        QuizSeveral { tr: "numaraları, virgülle", en: "their numbers, with commas" },
        QuizOrder { tr: "sırası, numaralarla: 2,1,3", en: "the order, in numbers: 2,1,3" },
        QuizNumber { tr: "sayı {unit}", en: "number {unit}" },
        QuizWord { tr: "yanıt", en: "answer" },
        QuizAgain { tr: "bu bir yanıt olamaz; yeniden", en: "this cannot be an answer; again" },
        QuizRight { tr: "doğru", en: "right" },
        QuizWrong { tr: "yanlış", en: "wrong" },
        QuizAnswer { tr: "doğrusu : {answer}", en: "answer  : {answer}" },
        QuizWhy { tr: "neden   : {why}", en: "why     : {why}" },
        QuizEnded { tr: "girdi bitti; kalan sorular yanıtsız sayıldı", en: "the input has ended; what was left counts as unanswered" },
        QuizScore { tr: "puan: {right}/{all}", en: "score: {right}/{all}" },
        NotInScenario { tr: "denetimler {file} ile bağdaşmıyor: {what}", en: "the checks do not fit {file}: {what}" },
        Broken { tr: "alıştırmanın kendisi bozuk: {why}", en: "the exercise itself is broken: {why}" },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_has_both_languages() {
        crate::texts::assert_complete::<super::Course>();
    }
}
