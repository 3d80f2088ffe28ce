//! The words of the command line: its help, its complaints, its small talk.

crate::texts! {
    /// Headings and one-line descriptions of the help pages.
    pub enum Help {
        About {
            tr: "Prova: bir Kubernetes kümesinin provası, tek bir sanal saatte.\n\
                 Arızaları oynatır, saydırır, nedenini söyler; aynı tohum her yerde aynı koşuyu verir.",
            en: "Prova rehearses a Kubernetes cluster on one virtual clock.\n\
                 It plays failures, counts what they cost and says why; the same seed is the same run everywhere.",
        },
        Usage { tr: "Kullanım:", en: "Usage:" },
        Commands { tr: "Komutlar", en: "Commands" },
        Options { tr: "Seçenekler", en: "Options" },
        Arguments { tr: "Girdiler", en: "Arguments" },
        Command { tr: "KOMUT", en: "COMMAND" },
        OptionsWord { tr: "SEÇENEKLER", en: "OPTIONS" },
        Examples {
            tr: "Örnekler:\n  \
                 prova                                      terminalde gösterge panelini açar; boruda hazır senaryoyu anlatır\n  \
                 prova run dukkan.yaml --nodes 4            bildirim dosyasını 4 düğümde dener\n  \
                 prova run leader-election --seed 7         hazır bir senaryoyu başka bir tohumla oynatır\n\n\
                 Hazır senaryolar: {scenarios}\n\
                 Çıkış kodları: 0 tamam · 1 beklenti tutmadı · 2 kullanım hatası · 3 geçersiz senaryo ·\n  \
                 4 tekrar farklı çıktı · 5 Prova'nın kendi hatası · 6 dosya hatası · 130 kesildi",
            en: "Examples:\n  \
                 prova                                      opens the dashboard on a terminal; in a pipe tells the default scenario\n  \
                 prova run shop.yaml --nodes 4              rehearses a manifest on 4 nodes\n  \
                 prova run leader-election --seed 7         plays a built-in scenario with another seed\n\n\
                 Built-in scenarios: {scenarios}\n\
                 Exit codes: 0 fine · 1 an expectation failed · 2 usage · 3 invalid scenario ·\n  \
                 4 replay differs · 5 a bug of Prova's own · 6 file trouble · 130 interrupted",
        },
        Run { tr: "Senaryoyu ya da bildirim dosyalarını oynatır", en: "Plays a scenario or manifests" },
        Replay {
            tr: "Kaydedilmiş bir koşuyu yeniden oynatır ve karşılaştırır",
            en: "Plays a recorded run again and compares",
        },
        Sweep {
            tr: "Aynı senaryoyu çok tohumla oynatır, dağılımı gösterir",
            en: "Plays a scenario with many seeds and shows the distribution",
        },
        Explain {
            tr: "Bir nesnenin bir andaki durumunu ve nedenlerini anlatır",
            en: "Tells the state of an object at a moment, and why it is so",
        },
        Dashboard {
            tr: "Gösterge paneli: senaryoyu oynatır, durdurur, geri sarar, çatallar, nedenini söyler",
            en: "The dashboard: plays a scenario, pauses, rewinds, forks, says why",
        },
        DashboardFiles {
            tr: "senaryo ya da bildirim dosyaları; yoksa ders listesi açılır",
            en: "scenario or manifests; without them the list of lessons opens",
        },
        Theme { tr: "tema: koyu, açık, yüksek-karşıtlık, renk-körü, tek-renk", en: "theme: dark, light, high contrast, colour-blind, monochrome" },
        Ascii { tr: "imleri ve harfleri ASCII ile yazar", en: "writes signs and letters in ASCII" },
        Mouse { tr: "fare: acik ya da kapali", en: "mouse: on or off" },
        Lesson { tr: "yanında okunacak bölüm", en: "chapter to read beside it" },
        Frame {
            tr: "Gösterge panelinin bir karesini terminalsiz çizer: metin, ANSI, SVG, düz tümceler",
            en: "Draws a frame of the dashboard without a terminal: text, ANSI, SVG, sentences",
        },
        FrameAt { tr: "hangi an: 55s, bir yer imi, ilk NodeNotReady", en: "which moment: 55s, a bookmark, first NodeNotReady" },
        FrameSize { tr: "boyut; öntanımlı 80x24", en: "size; default 80x24" },
        FrameView { tr: "görünüm: rakamı ya da adı (raft, messages)", en: "view: its digit or name (raft, messages)" },
        FrameKeys { tr: "önce basılacak tuşlar: \"5 f\"", en: "keys to press first: \"5 f\"" },
        FrameForm { tr: "biçim: text, ansi, svg ya da plain", en: "form: text, ansi, svg or plain" },
        New {
            tr: "Açıklamalı bir senaryo dosyası yazar, ya da son oturumu senaryo yapar",
            en: "Writes a commented scenario, or makes a scenario of the last session",
        },
        NewFile { tr: "yazılacak dosya", en: "file to write" },
        FromSession { tr: "gösterge panelindeki son oturumdan", en: "from the last session of the dashboard" },
        Learn { tr: "Alıştırmalar: tahmin et, onar, bul", en: "Exercises: predict, repair, find" },
        LearnId {
            tr: "alıştırmanın kimliği ya da başı; yoksa sıradaki",
            en: "id of the exercise, or its beginning; default: the next one",
        },
        LearnList { tr: "bütün alıştırmaları sıralar", en: "lists all exercises" },
        LearnHint { tr: "bir ipucu daha gösterir (dört basamak)", en: "shows one hint more (four rungs)" },
        LearnSolution { tr: "çözümü gösterir; alıştırma bittikten sonra", en: "shows the solution, once the exercise is done" },
        LearnReset { tr: "dosyayı başlangıca döndürür; eskisini saklar", en: "takes the file back to the start; keeps the old one" },
        LearnSkip { tr: "alıştırmayı atlar", en: "skips the exercise" },
        LearnLine { tr: "bütün ekran yerine satır satır: yalın terminaller ve ekran okuyucular için", en: "line by line instead of a whole screen: for plain terminals and screen readers" },
        LearnOnce { tr: "bir kez denetler ve biter: 0 geçti, 1 geçmedi", en: "judges once and ends: 0 passed, 1 did not" },
        LearnRepair { tr: "ilerlemeyi okunabilen kayıtlardan ve dosyalarınızdan geri yükler", en: "restores the progress from records that can be read and from your files" },
        LearnVerify { tr: "alıştırmaların kendisini sınar (yazarlar için)", en: "verifies the exercises themselves (for authors)" },
        LearnSeeds { tr: "sınamada denenecek tohum sayısı; öntanımlı 100", en: "seeds of the verification; default: 100" },
        Quiz { tr: "Bir bölümün sorularını sorar", en: "Asks the questions of a chapter" },
        QuizChapter {
            tr: "bölümün numarası, adı ya da adının başı; yoksa bölümleri sıralar",
            en: "number or name of the chapter, or its beginning; default: lists the chapters",
        },
        Check { tr: "Dosyaları yalnızca denetler", en: "Only checks the files" },
        Completions {
            tr: "Kabuk için komut tamamlama betiği yazar",
            en: "Writes a completion script for a shell",
        },
        Alias { tr: "ya da: {alias}", en: "or: {alias}" },
        Files {
            tr: "senaryo (.ron), bildirim (.yaml, .json), klasör, hazır senaryo adı ya da - (standart girdi)",
            en: "scenario (.ron), manifests (.yaml, .json), folder, name of a built-in scenario, or - (stdin)",
        },
        Recording { tr: "--trace ya da --record ile yazılmış dosya", en: "file written by --trace or --record" },
        ExplainWhat { tr: "senaryo dosyası ya da P0201 gibi bir kod", en: "scenario file, or a code such as P0201" },
        ExplainObject {
            tr: "nesne: pod/web, node/n2, deployment/shop/web; adın başı da yeter",
            en: "object: pod/web, node/n2, deployment/shop/web; the beginning of the name is enough",
        },
        Shell { tr: "bash, zsh, fish, elvish ya da powershell", en: "bash, zsh, fish, elvish or powershell" },
        Seed { tr: "rastlantının tohumu", en: "seed of all chance" },
        Seeds { tr: "tohumlar, iki ucu da içinde: 1..1000", en: "seeds, both ends included: 1..1000" },
        Nodes { tr: "işçi düğüm sayısı: n1, n2, …", en: "number of worker nodes: n1, n2, …" },
        Until { tr: "koşunun sonu, sanal saatte: 10m", en: "end of the run in virtual time: 10m" },
        Set {
            tr: "bir Kubernetes ayarını değiştirir: node-monitor-grace-period=20s",
            en: "changes a setting of Kubernetes: node-monitor-grace-period=20s",
        },
        Trace {
            tr: "her önemli olayı JSON satırı olarak yazar; replay bununla da çalışır",
            en: "writes every notable event as a line of JSON; replay reads it, too",
        },
        Record { tr: "yalnızca tekrar için gerekenleri yazar", en: "writes only what a replay needs" },
        Json { tr: "sonucu JSON olarak verir", en: "gives the result as JSON" },
        Csv { tr: "ölçümleri CSV olarak verir", en: "gives the samples as CSV" },
        Quiet { tr: "anlatmaz; yalnızca sonucu söyler", en: "tells no story, only the result" },
        Verbose { tr: "hiçbir şeyi özetlemez", en: "sums nothing up" },
        Plain {
            tr: "renksiz, simgesiz, düz tümceler (ekran okuyucu, günlük)",
            en: "plain sentences without colour and signs (screen reader, log)",
        },
        Measure { tr: "ölçülecek nicelik; birkaç kez yazılabilir", en: "quantity to measure; may be repeated" },
        Measures { tr: "Ölçülebilen nicelikler: {names}", en: "Quantities: {names}" },
        Threads { tr: "iş parçacığı sayısı; sonucu değiştirmez", en: "number of threads; never changes the result" },
        At { tr: "bakılacak an, sanal saatte: 2m30s; yoksa koşunun sonu", en: "moment to look at: 2m30s; default: the end" },
        Lang { tr: "dil: tr ya da en; PROVA_LANG değişkeni de okunur", en: "language: tr or en; PROVA_LANG is read, too" },
        Color { tr: "renk: otomatik, her-zaman ya da asla", en: "colour: auto, always or never" },
        ShowHelp { tr: "bu yardımı gösterir", en: "shows this help" },
        ShowVersion { tr: "sürümü gösterir", en: "shows the version" },
    }
}

crate::texts! {
    /// Why the operating system refuses something.
    pub enum Refusal {
        NotFound { tr: "böyle bir dosya ya da klasör yok", en: "there is no such file or folder" },
        Denied { tr: "izniniz yok", en: "permission is denied" },
        There { tr: "bu adda bir dosya zaten var", en: "a file of this name is already there" },
        Folder { tr: "bu bir klasör, dosya değil", en: "this is a folder, not a file" },
        NoFolder { tr: "yoldaki adlardan biri klasör değil", en: "a name on the way is not a folder" },
        Full { tr: "diskte yer kalmadı", en: "there is no space left on the disk" },
        ReadOnly { tr: "bu disk yalnızca okunabilir", en: "this disk can only be read" },
        TooLarge { tr: "dosya çok büyük", en: "the file is too large" },
        BadName { tr: "dosya adı geçersiz", en: "the file name is not valid" },
        NotUtf8 { tr: "metin UTF-8 değil", en: "the text is not UTF-8" },
        Closed { tr: "karşı taraf bağlantıyı kapattı", en: "the other side closed the connection" },
        Interrupted { tr: "yarıda kesildi", en: "it was interrupted" },
        Late { tr: "zamanında bitmedi", en: "it did not end in time" },
    }
}

crate::texts! {
    /// What is said on stderr.
    pub enum Talk {
        Error { tr: "hata", en: "error" },
        SeeHelp { tr: "yardım için: prova {command}--help", en: "for help: prova {command}--help" },
        DidYouMean { tr: "bunu mu demek istediniz: {names}", en: "did you mean: {names}" },
        UnknownArgument { tr: "`{word}` diye bir seçenek yok", en: "there is no option `{word}`" },
        UnknownCommand { tr: "`{word}` diye bir komut yok", en: "there is no command `{word}`" },
        RunFile {
            tr: "bir dosyayı oynatmak için: prova run {word}",
            en: "to play a file: prova run {word}",
        },
        BadValue { tr: "{option} için `{word}` değeri olmaz", en: "`{word}` is no value for {option}" },
        Missing { tr: "eksik: {word}", en: "missing: {word}" },
        Conflict { tr: "{word} ile {other} birlikte yazılamaz", en: "{word} and {other} exclude each other" },
        BadUsage { tr: "komut anlaşılamadı", en: "the command was not understood" },
        Twice { tr: "{option} birden çok kez yazılmış", en: "{option} is written more than once" },
        FileNotFound { tr: "`{file}` adlı dosya ya da klasör bulunamadı", en: "there is no file or folder `{file}`" },
        FileUnreadable { tr: "`{file}` adlı dosya okunamadı: {reason}", en: "file `{file}` cannot be read: {reason}" },
        FileUnwritable { tr: "`{file}` adlı dosya yazılamadı: {reason}", en: "file `{file}` cannot be written: {reason}" },
        FileThere { tr: "`{file}` adında bir dosya var; üstüne yazılmaz, başka bir ad verin", en: "there is a file `{file}`; it is not written over, give another name" },
        NoFolderAbove { tr: "üst klasöre (..) yazılmaz; bulunduğunuz klasörde bir ad verin", en: "nothing is written above (..); give a name in this folder" },
        EmptyFolder { tr: "`{file}` adlı klasörde bildirim dosyası yok", en: "folder `{file}` holds no manifest" },
        BadSeeds {
            tr: "`{word}` bir tohum aralığı değil; örnek: 1..100",
            en: "`{word}` is no range of seeds; example: 1..100",
        },
        TooManySeeds { tr: "en çok {most} tohum istenebilir", en: "at most {most} seeds can be asked for" },
        UnknownMeasure { tr: "`{word}` diye bir nicelik yok", en: "there is no quantity `{word}`" },
        UnknownCode { tr: "`{word}` diye bir kod yok", en: "there is no code `{word}`" },
        UnknownObject { tr: "{at} anında `{word}` diye bir nesne yok", en: "at {at} there is no object `{word}`" },
        BadObject {
            tr: "`{word}` bir nesne adı değil; tür/ad yazın: pod/web, node/n2",
            en: "`{word}` names no object; write kind/name: pod/web, node/n2",
        },
        BadMoment { tr: "`{word}` bir an değil; örnek: 62s, 2m30s", en: "`{word}` is no moment; example: 62s, 2m30s" },
        AfterEnd { tr: "koşu {end} anında biter; {at} ondan sonra", en: "the run ends at {end}; {at} lies behind it" },
        NoRecording {
            tr: "`{file}` bir Prova kaydı değil: {reason}",
            en: "`{file}` is no recording of Prova: {reason}",
        },
        NewerRecording {
            tr: "kayıt biçiminin sürümü {found}; bu Prova {known} sürümünü okur",
            en: "the recording has version {found}; this Prova reads version {known}",
        },
        NoHeader { tr: "ilk satırda başlık yok", en: "the first line is no header" },
        BadLine { tr: "{line}. satır okunamadı", en: "line {line} cannot be read" },
        NoCheckpoints { tr: "içinde karşılaştırılacak damga yok", en: "it holds no digest to compare" },
        CannotBuild { tr: "küme kurulamadı: {reason}", en: "the cluster cannot be built: {reason}" },
        BugTitle {
            tr: "Prova'nın kendi hatası: bir değişmez bozuldu",
            en: "a bug of Prova's own: an invariant was broken",
        },
        DefaultKeys {
            tr: "Öntanımlı tuşlar geçerli: {file}:{why}",
            en: "The default keys hold: {file}:{why}",
        },
        BugHint {
            tr: "lütfen bildirin; aynı hata şu komutla yeniden görülür: {command}",
            en: "please report it; this command shows it again: {command}",
        },
        BugReport {
            tr: "lütfen bu iletiyi, komutu ve dosyaları bildirin: {url}",
            en: "please report this message, the command and the files: {url}",
        },
        CheckedScenario {
            tr: "tamam: {file} ({nodes} düğüm, {objects} nesne, {steps} adım, {expects} beklenti)",
            en: "fine: {file} ({nodes} nodes, {objects} objects, {steps} steps, {expects} expectations)",
        },
        Remarks { tr: "dosyalarla ilgili notlar:", en: "notes on the files:" },
        NoTerminal { tr: "terminal kullanılamıyor: {reason}", en: "the terminal cannot be used: {reason}" },
        NoTheme { tr: "`{name}` diye bir tema yok; olanlar: {names}", en: "there is no theme `{name}`; there are: {names}" },
        BadSize { tr: "`{word}` bir boyut değil; örnek: 80x24 (en az 20x5, en çok 400x200)", en: "`{word}` is no size; example: 80x24 (at least 20x5, at most 400x200)" },
        SessionKept {
            tr: "Yaptıklarınız {file} dosyasında duruyor; senaryo yapmak için: prova new --from-session benim.ron",
            en: "What you did is kept in {file}; to make it a scenario: prova new --from-session mine.ron",
        },
        NoSession {
            tr: "kaydedilmiş bir oturum yok ({file}); gösterge panelinde bir şey yapıp (m tuşu) çıkınca oluşur",
            en: "there is no kept session ({file}); it appears when you do something in the dashboard (key m) and leave",
        },
        RunIt { tr: "oynatmak için: prova run {file}", en: "to play it: prova run {file}" },
        PlainHow {
            tr: "Bir satır yazın: tuşlar (örnek: 3 · shift+right · {key_why}), iki noktayla bir komut (:git 60s) ya da seç 5 (5. tümcenin anlattığı). {key_help} bütün tuşları sayar, {key_quit} çıkar.",
            en: "Type a line: keys (for example 3 · shift+right · {key_why}), a command after a colon (:go 60s), or select 5 (what sentence 5 speaks of). {key_help} lists all keys, {key_quit} leaves.",
        },
        NoChoice { tr: "{number}. tümcede seçilebilecek bir şey yok", en: "sentence {number} speaks of nothing that can be chosen" },
        Wrote { tr: "yazıldı: {file}", en: "written: {file}" },
        Took { tr: "{virtual} sanal süre, {real} gerçek sürede oynatıldı", en: "{virtual} of virtual time in {real}" },
        Progress {
            tr: "{pos}/{len} tohum [{bar:30}] kalan {eta} · bozulan {msg}",
            en: "{pos}/{len} seeds [{bar:30}] {eta} left · failed {msg}",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn both_languages_are_complete() {
        assert_complete::<Help>();
        assert_complete::<Talk>();
    }
}
