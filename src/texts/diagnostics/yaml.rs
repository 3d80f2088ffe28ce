//! P01xx (first half): texts that are not YAML.

super::codes! {
    YAML_SYNTAX = "P0101" {
        "YAML olarak okunamadı ({detail})", "this is not YAML ({detail})";
        page: "Metin YAML kurallarına uymuyor; okuyucunun İngilizce açıklaması ayraç içindedir. \
               Sık nedenler: eksik `:` ya da tırnak, kaymış girinti, `:` sonrasında unutulmuş \
               boşluk. Sorun çoğu zaman gösterilen satırda ya da bir öncekindedir.",
              "The text breaks the rules of YAML; the reader's own words stand in brackets. Usual \
               causes: a missing `:` or quote, shifted indentation, no space after `:`. The slip is \
               mostly on the line shown or on the one before.";
    }
    YAML_TAB = "P0102" {
        "girinti sekme (tab) karakteriyle yapılmış", "indentation is made with a tab";
        help: "YAML girintisi boşlukla yapılır; her düzey için iki boşluk kullanın",
              "YAML is indented with spaces; use two for each level";
        page: "YAML, girintide sekme karakterini yasaklar, çünkü sekmenin genişliği her \
               düzenleyicide başkadır. Kubernetes bildirimlerinde alışılmış girinti iki boşluktur.",
              "YAML forbids tabs in indentation because their width differs from editor to editor. \
               Kubernetes manifests are customarily indented by two spaces.";
    }
    YAML_INDENT = "P0103" {
        "girinti, üstündeki satırlarla uyuşmuyor", "the indentation does not match the lines above";
        help: "aynı düzeydeki anahtarlar aynı sütunda başlar",
              "keys of one level start in the same column";
        page: "YAML'de yapıyı girinti belirler: kardeş anahtarlar aynı sütunda, çocuklar daha \
               içeride başlar. Bir boşluk eksik ya da fazla olunca anahtar başka bir düzeye düşer.",
              "In YAML indentation is structure: sibling keys start in one column, children further \
               in. One space too many or too few puts a key on another level.";
    }
    YAML_VALUE_HERE = "P0104" {
        "burada `anahtar: değer` yazılamaz", "`key: value` cannot stand here";
        help: "değerin içinde `: ` varsa değeri tırnak içine alın; yoksa girintiye bakın",
              "quote the value if it contains `: `; otherwise check the indentation";
        page: "Bir satırda ikinci bir `: ` görüldü ya da anahtar, bitmemiş bir değerin altına \
               girdi. `command: echo a: b` gibi değerler tırnak ister: `command: \"echo a: b\"`.",
              "A second `: ` was met on one line, or a key slid under a value that has not ended. \
               Values such as `command: echo a: b` need quotes: `command: \"echo a: b\"`.";
    }
    YAML_QUOTE = "P0105" {
        "tırnak kapanmamış", "a quote is not closed";
        page: "Tek ya da çift tırnakla başlayan bir değer aynı tırnakla bitmelidir. Çift tırnak \
               içinde `\\` özel anlamlıdır; yolları ve düzenli ifadeleri tek tırnakla yazın.",
              "A value that begins with a single or double quote must end with the same one. Inside \
               double quotes `\\` is special; write paths and patterns in single quotes.";
    }
    YAML_BRACKET = "P0106" {
        "köşeli ya da süslü ayraç kapanmamış", "a bracket or brace is not closed";
        page: "`[a, b]` ve `{a: 1}` yazımlarında her açılan ayraç kapanmalı, öğeler virgülle \
               ayrılmalıdır. `{{ … }}` içeren şablonlar önce bir şablon aracından (Helm gibi) geçmelidir.",
              "In `[a, b]` and `{a: 1}` every bracket must be closed and items are separated by \
               commas. Templates with `{{ … }}` must first go through their tool (such as Helm).";
    }
    YAML_DUPLICATE_KEY = "P0107" {
        "`{key}` anahtarı aynı yerde ikinci kez yazılmış", "key `{key}` is written twice in one place";
        page: "Bir eşlemede her anahtar bir kez bulunur. Birçok araç sessizce sonuncuyu alır; \
               Kubernetes API sunucusu katı denetimde bunu hata sayar, Prova da öyle.",
              "A mapping holds each key once. Many tools silently take the last one; the \
               Kubernetes API server refuses it under strict validation, and so does Prova.";
    }
    YAML_UNKNOWN_ANCHOR = "P0108" {
        "bilinmeyen bir çapaya başvuruluyor", "an alias refers to an unknown anchor";
        help: "`&ad` çapası, `*ad` başvurusundan önce ve aynı belgede tanımlanmalı",
              "the anchor `&name` must be defined before `*name`, in the same document";
        page: "YAML'de `&ad` bir değere ad verir, `*ad` onu yineler. Çapalar `---` çizgisini \
               aşmaz: her belge kendi çapalarını tanımlar.",
              "In YAML `&name` names a value and `*name` repeats it. Anchors do not cross a `---` \
               line: every document defines its own.";
    }
    YAML_TOO_BIG = "P0109" {
        "belge çok derin ya da çok büyük", "the document is too deep or too large";
        page: "Prova en çok 100 düzey iç içe yapı ve belge başına 500.000 değer okur (çapaların \
               yinelenmesi dahil). Kubernetes de benzer sınırlar koyar: bunlar, küçük bir dosyanın \
               milyarlarca değere açılmasını önler.",
              "Prova reads at most 100 levels and 500,000 values per document, repeated anchors \
               included. Kubernetes has similar limits: they keep a small file from unfolding into \
               billions of values.";
    }
    YAML_KEY_KIND = "P0110" {
        "anahtar düz bir metin olmalı", "a key must be plain text";
        page: "YAML eşlemelerin ve listelerin anahtar olmasına izin verir, JSON vermez. Kubernetes \
               nesneleri JSON'dur; bu yüzden her anahtar bir metindir.",
              "YAML allows mappings and lists as keys, JSON does not. Kubernetes objects are JSON, \
               so every key is a text.";
    }
    YAML_NUMBER = "P0111" {
        "`{value}` sayısı yazılamaz", "the number `{value}` cannot be used";
        help: "metin olacaksa tırnak içine alın", "quote it if it is meant as text";
        page: "`.inf`, `.nan` ve 64 bite sığmayan tam sayılar JSON'da gösterilemez; Kubernetes \
               nesneleri ise JSON'dur.",
              "`.inf`, `.nan` and integers beyond 64 bits have no JSON form, and Kubernetes objects \
               are JSON.";
    }
    YAML_TAG = "P0112" {
        "`{tag}` YAML etiketi desteklenmiyor", "YAML tag `{tag}` is not supported";
        page: "Kubernetes bildirimlerinde yalnızca YAML'in kendi türleri (`!!str`, `!!int`, \
               `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq`) anlamlıdır.",
              "Only YAML's own types (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, \
               `!!seq`) mean something in Kubernetes manifests.";
    }
    YAML_TEMPLATE = "P0113" {
        "`{{ … }}` bir şablon; YAML değil", "`{{ … }}` is a template, not YAML";
        help: "önce şablonu açın, örneğin `helm template … > bildirim.yaml`",
              "render it first, for example `helm template … > manifest.yaml`";
        page: "Helm ve benzeri araçlar bildirimleri şablonlardan üretir. Şablonun kendisi geçerli YAML \
               değildir; Prova, `kubectl` gibi, üretilmiş bildirimi okur.",
              "Helm and similar tools make manifests from templates. The template itself is not valid YAML; \
               Prova, like `kubectl`, reads the manifest that comes out.";
    }
    YAML_TAB_VALUE = "P0114" {
        "`:` ya da `-` işaretinden sonra sekme (tab) var", "there is a tab after `:` or `-`";
        help: "sekme yerine bir boşluk yazın", "write a space in place of the tab";
        page: "`:` ve `-` işaretlerinden sonra bir boşluk gelir. Sekme ekranda boşluk gibi görünür, ama YAML \
               okuyucularının hepsi onu kabul etmez.",
              "A space follows `:` and `-`. A tab looks like one on the screen, but not every reader of YAML \
               takes it.";
    }
}
