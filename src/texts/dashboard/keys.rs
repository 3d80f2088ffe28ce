//! Names and explanations of the dashboard's commands, and their words on the key bar.

use crate::texts::Pair;

const fn pair(tr: &'static str, en: &'static str) -> Pair {
    Pair { tr, en }
}

macro_rules! commands {
    ($($(#[$meta:meta])* $name:ident { $tr:literal $tr_help:literal, $en:literal $en_help:literal }),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[doc = $en_help]
            pub const $name: (Pair, Pair) = (pair($tr, $en), pair($tr_help, $en_help));
        )+
    };
}

commands! {
    PLAY { "oynat" "Oynatır; oynuyorsa durdurur", "play" "Plays; stops what plays" },
    FORWARD { "adım" "Bir adım ileri: tek bir ileti ya da süreölçer", "step" "One step on: a single message or timer" },
    BACK { "geri adım" "Bir adım geri", "step back" "One step back" },
    NEXT_FACT { "sonraki olay" "Sonraki ilginç olaya gider; aradaki bekleyişi atlar", "next event" "To the next interesting event, over all waiting" },
    PREVIOUS_FACT { "önceki olay" "Bir önceki ilginç olaya döner", "previous event" "Back to the interesting event before" },
    LATER { "on saniye ileri" "Sanal saatte 10 s ileri", "ten seconds on" "10 s of virtual time on" },
    EARLIER { "on saniye geri" "Sanal saatte 10 s geri", "ten seconds back" "10 s of virtual time back" },
    BEGIN { "başa dön" "Koşunun başına", "beginning" "To the beginning of the run" },
    END { "sona git" "Koşunun sonuna", "end" "To the end of the run" },
    FASTER { "hızlan" "Daha hızlı oynatır", "faster" "Plays faster" },
    SLOWER { "yavaşla" "Daha yavaş oynatır; en yavaşı olaydan olaya", "slower" "Plays slower; the slowest is event by event" },
    GOTO { "git" "Bir ana gider: 12,5s · 4711 (adım) · yer imi · ilk Ready=False · son NodeNotReady", "goto" "Goes to a moment: 12.5s · 4711 (step) · a bookmark · first Ready=False · last NodeNotReady" },
    UP { "yukarı" "Bir satır yukarı", "up" "One line up" },
    DOWN { "aşağı" "Bir satır aşağı", "down" "One line down" },
    IN { "aç" "Seçili olanın içine girer; ders satırında o ana gider", "open" "Opens what is chosen; on a passage of the lesson goes to its moment" },
    OUT { "kapat" "Bir adım dışarı; en dışta ders listesine", "close" "One step out; from the outermost to the list of lessons" },
    LAST_VIEW { "son görünüm" "Bir önceki görünüme döner", "last view" "Back to the view before" },
    PANEL { "pano değiştir" "Sonraki panoya: görünüm, ders, neden", "next panel" "To the next panel: view, lesson, why" },
    PALETTE { "komutlar" "Komut paleti: her komut, adıyla", "commands" "The palette: every command by its name" },
    FILTER { "süzgeç" "Satırları süzer: sözcükler, !istenmeyen", "filter" "Filters lines: words, !unwanted" },
    NEXT_MATCH { "sonraki eşleşme" "Süzgece uyan bir sonraki olaya gider", "next match" "To the next event that fits the filter" },
    PREVIOUS_MATCH { "önceki eşleşme" "Süzgece uyan bir önceki olaya döner", "previous match" "Back to the event before that fits the filter" },
    MARK { "yer imi koy" "Bu ana bir yer imi koyar", "set bookmark" "Sets a bookmark here" },
    MARKS { "yer imleri" "Yer imlerini ve arızaları listeler; Enter o ana gider", "bookmarks" "Lists bookmarks and faults; Enter goes there" },
    WHY { "neden" "Seçili olanın nedenlerini gösterir", "why" "Shows the causes of what is chosen" },
    COMPARE { "fark" "Şimdiyi bir yer imiyle ya da başka bir dalla karşılaştırır", "compare" "Compares now with a bookmark or another branch" },
    FORK { "çatalla" "Geleceği buradan çatallar; iki dal da kalır", "fork" "Forks the future here; both branches stay" },
    BRANCHES { "dallar" "Dalları listeler; Enter dala geçer", "branches" "Lists the branches; Enter goes to one" },
    DETAILS { "ayrıntı" "Seçili olanı açar", "details" "Opens what is chosen" },
    RAW { "ham nesne" "Seçili nesneyi API'deki biçimiyle gösterir", "raw object" "Shows the chosen object as the API has it" },
    MENU { "ne yapılabilir" "Seçili olana yapılabilecekler: çökert, dondur, sil, ölçekle …", "actions" "What can be done to it: crash, pause, delete, scale …" },
    HINT { "ipucu" "Bu ekranda ne var, ne denenebilir", "hint" "What this screen shows, what to try" },
    EXERCISES { "alıştırmalar" "Alıştırmaları listeler; Enter birini açar", "exercises" "Lists the exercises; Enter opens one" },
    EDIT { "düzenle" "Alıştırmada: dosyanızı düzenleyicide açar", "edit" "In an exercise: opens your file in an editor" },
    AGAIN { "baştan başla" "Alıştırmada: başlangıç dosyasına döner, sizinkini saklar", "begin again" "In an exercise: back to the file of the start; yours is kept" },
    SOLUTION { "çözüm" "Alıştırmada: bitince çözümü gösterir", "solution" "In an exercise: shows the solution when it is done" },
    SKIP { "atla" "Alıştırmayı atlandı diye yazar, sıradakini açar", "skip" "Writes the exercise down as skipped, opens the next" },
    HELP { "yardım" "Bütün tuşlar", "help" "All keys" },
    LESSONS { "dersler" "Derslerin ve senaryoların listesi", "lessons" "The list of lessons and scenarios" },
    SEEDS { "tohum şeridi" "Bir sorunun yanıtını 20 tohumda gösterir", "seed strip" "The answer to one question over 20 seeds" },
    SAVE { "kaydet" "Oturumu, yaptıklarınızla birlikte senaryo olarak yazar", "save" "Writes the session with your deeds as a scenario" },
    THEME { "tema" "Sonraki tema: koyu, açık, yüksek-karşıtlık, renk-körü, tek-renk", "theme" "The next theme: dark, light, high contrast, colour-blind, monochrome" },
    ASCII { "ascii" "İmleri ASCII harfleriyle yazar", "ascii" "Writes signs in ASCII" },
    LANGUAGE { "English" "Ekranı İngilizceye çevirir", "Türkçe" "Turns the screen to Turkish" },
    QUIT { "çık" "Prova'dan çıkar", "quit" "Leaves Prova" },
}

/// On the bar.
pub const PLAY_BAR: Pair = pair("oynat", "play");
/// On the bar.
pub const STEP_BAR: Pair = pair("adım", "step");
/// On the bar.
pub const FACT_BAR: Pair = pair("olay", "event");
/// On the bar.
pub const GOTO_BAR: Pair = pair("git", "go");
/// On the bar.
pub const WHY_BAR: Pair = pair("neden?", "why?");
/// On the bar.
pub const FORK_BAR: Pair = pair("çatalla", "fork");
/// On the bar.
pub const COMPARE_BAR: Pair = pair("fark", "compare");
/// On the bar.
pub const MENU_BAR: Pair = pair("ne yapılır?", "actions");
/// On the bar.
pub const PANEL_BAR: Pair = pair("pano", "panel");
/// On the bar.
pub const IN_BAR: Pair = pair("aç", "open");
/// On the bar.
pub const OUT_BAR: Pair = pair("kapat", "close");
/// On the bar.
pub const FILTER_BAR: Pair = pair("süzgeç", "filter");
/// On the bar.
pub const MARKS_BAR: Pair = pair("yer imleri", "bookmarks");
/// On the bar.
pub const PALETTE_BAR: Pair = pair("komutlar", "commands");
/// On the bar.
pub const HINT_BAR: Pair = pair("ipucu", "hint");
/// On the bar.
pub const EXERCISES_BAR: Pair = pair("alıştırmalar", "exercises");
/// On the bar of an exercise.
pub const EDIT_BAR: Pair = pair("düzenle", "edit");
/// On the bar of an exercise with questions.
pub const ANSWER_BAR: Pair = pair("yanıtla", "answer");
/// On the bar of an exercise that is done.
pub const SOLUTION_BAR: Pair = pair("çözüm", "solution");
/// On the bar of an exercise.
pub const AGAIN_BAR: Pair = pair("baştan", "again");
/// On the bar of an exercise.
pub const VIOLATION_BAR: Pair = pair("o ana git", "go there");
/// On the bar.
pub const QUIT_BAR: Pair = pair("çık", "quit");
/// The last slot of a bar that has no room for all.
pub const MORE_BAR: Pair = pair("diğer", "more");
