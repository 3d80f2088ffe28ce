//! P09xx: a reader's own keys of the dashboard.

super::codes! {
    NO_SUCH_COMMAND = "P0901" {
        "`{name}` adlı bir komut yok", "there is no command called `{name}`";
        help: "komutların adları paletteki (`:`) ya da tuş çubuğundaki gibi yazılır",
              "commands are called as in the palette (`:`) or on the key bar";
        page: "`keys` içindeki adlar gösterge panelinin komutlarıdır; Türkçesi de İngilizcesi de yazılabilir, \
               büyük-küçük harf fark etmez. Yanlış bir ad sessizce atlansaydı tuşun neden çalışmadığı \
               anlaşılmazdı.",
              "The names in `keys` are the commands of the dashboard, in Turkish or English; case does not \
               matter. Were a wrong name passed over in silence, nobody would know why the key does nothing.";
    }
    NO_SUCH_KEY = "P0902" {
        "`{name}` diye bir tuş yok", "there is no key `{name}`";
        help: "örnekler: p · Ö · Space · PgDn · ⇧→ · ^P", "for example: p · Ö · Space · PgDn · ⇧→ · ^P";
        page: "Tuşlar ekranda göründükleri gibi yazılır; `shift+right` ya da `ctrl-p` de olur. Yalnızca \
               terminalin ayırt edebildiği tuşlar kullanılabilir: Shift harfi büyütür ve oklarla, sayfa \
               tuşlarıyla birlikte basılır; Ctrl bunlarla ya da a-z harfleriyle.",
              "Keys are written as the screen shows them; `shift+right` and `ctrl-p` will do, too. Only keys \
               that a terminal can tell apart are usable: Shift makes capitals and goes with arrows and page \
               keys, Control with these and the letters a-z.";
    }
    KEY_TAKEN = "P0903" {
        "`{key}` tuşu iki komuta birden düşüyor: `{command}` ve `{owner}`",
        "`{key}` would belong to two commands: `{command}` and `{owner}`";
        help: "`{owner}` için de bir satır yazın: başka bir tuş ya da tuşsuz bırakmak için `[]`",
              "give `{owner}` a line of its own: another key, or `[]` for none";
        page: "Bir tuş her görünümde tek bir iş yapar. Dosyada adı geçmeyen komutlar öntanımlı tuşlarını \
               korur; onlardan birinin tuşunu almak için o komuta başka bir tuş verin ya da `[]` ile tuşsuz \
               bırakın. Tuşsuz komutlar paletten adlarıyla çağrılır.",
              "A key does one thing in every view. Commands that the file does not name keep their keys; to \
               take one, give its command another key, or none with `[]`. A command without keys is still \
               called by its name in the palette.";
    }
    VIEW_KEEPS_DIGIT = "P0904" {
        "görünümlerin tuşları değişmez: `{key}` tuşu `{view}` görünümünü açar",
        "views keep their digits: `{key}` opens the view `{view}`";
        page: "1 ile 9 arasındaki rakamlar görünümleri açar ve sekmelerde yazılıdır; fareyle basılan sekme de \
               aynı rakamdır. Bu yüzden başka bir komuta verilmezler ve görünümlerin başka tuşu olmaz.",
              "The digits 1 to 9 open the views and stand on the tabs, which the mouse presses, too. So no \
               command gets one of them, and no view gets another key.";
    }
    KEY_STAYS = "P0905" {
        "`{key}` tuşu `{command}` komutunda kalmalı", "`{key}` must stay with `{command}`";
        help: "`{command}` komutuna başka tuşlar da verilebilir, ama `{key}` ondan alınamaz",
              "`{command}` may get further keys, but `{key}` is not taken from it";
        page: "Enter, Esc, ↑ ve ↓ panelin bütün sorularını yanıtlar ve her listede aynı işi yapar. Onlarsız bir \
               ekrandan çıkılamazdı; bu yüzden yerlerinden alınmaz, yanlarına yeni tuşlar eklenir.",
              "Enter, Esc, ↑ and ↓ answer every question of the dashboard and do the same in every list. \
               Without them there would be no way out of a screen; so others may be added, but these stay.";
    }
    NO_KEY_LEFT = "P0906" {
        "`{command}` komutu tuşsuz kalamaz", "`{command}` cannot be left without a key";
        help: "en az bir tuş yazın", "write at least one key";
        page: "Komut paleti, tuşu olmayan her komuta götürür; çıkmak için de bir tuş gerekir. Bu ikisinin en az \
               bir tuşu olmalıdır. Ctrl-C her zaman çıkar.",
              "The palette leads to every command that has no key, and leaving wants a key, too. These two must \
               have at least one. Control-C always leaves.";
    }
    TERMINAL_KEEPS_KEY = "P0907" {
        "`{key}` bir komuta verilemez: onu terminal kullanır", "`{key}` cannot be given away: the terminal uses it";
        help: "başka bir tuş seçin", "choose another key";
        page: "Ctrl-C her zaman çıkar, Ctrl-Z programı bekletir; Ctrl-I ile Ctrl-M ise terminalde Tab ve Enter \
               olarak görünür, onlardan ayırt edilemez.",
              "Control-C always leaves and Control-Z suspends; Control-I and Control-M arrive as Tab and Enter \
               and cannot be told from them.";
    }
    KEYS_VERSION = "P0908" {
        "tuş dosyasının {found} sürümü bilinmiyor; bu program {known} sürümünü okur",
        "version {found} of the file of keys is not known; this program reads {known}";
        page: "`version`, tuş dosyasının yazılış biçiminin sürümüdür. Daha yeni bir sürüm için Prova'yı \
               güncelleyin; bu program için `version: 1` yazın.",
              "`version` is that of the form in which the file of keys is written. For a newer one update \
               Prova; for this program write `version: 1`.";
    }
}
