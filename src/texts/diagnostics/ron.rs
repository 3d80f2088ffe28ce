//! P01xx (second half): texts that are not RON, and words of the scenario language that have a form.

super::codes! {
    RON_UNEXPECTED = "P0150" {
        "{expected} bekleniyor, {found} görüldü", "expected {expected}, found {found}";
        page: "RON'da bir değer metin (\"…\"), sayı, `true`/`false`, liste `[…]`, eşleme `{…}` ya da \
               ayraç `(…)` olabilir. Alanlar `ad: değer` biçiminde yazılır ve virgülle ayrılır.",
              "In RON a value is text (\"…\"), a number, `true`/`false`, a list `[…]`, a map `{…}` or a \
               bracket `(…)`. Fields are written `name: value` and separated by commas.";
    }
    RON_UNCLOSED = "P0151" {
        "bu ayraç kapanmamış; `{expected}` eksik", "this bracket is never closed; `{expected}` is missing";
        page: "Her açılan `(`, `[` ve `{` kapanmalıdır. Gösterilen yer, kapanmayan ayracın açıldığı yerdir; \
               eksik olan çoğu zaman birkaç satır aşağıdadır.",
              "Every `(`, `[` and `{` must be closed. The place shown is where the bracket opens; what is \
               missing is mostly a few lines below.";
    }
    RON_COMMA = "P0152" {
        "burada virgül eksik", "a comma is missing here";
        page: "Alanlar ve liste öğeleri virgülle ayrılır. Sondaki virgül de yazılabilir; her satırı \
               virgülle bitirmek, sonradan satır eklerken bu hatayı önler.",
              "Fields and items are separated by commas. A comma after the last one is welcome too; ending \
               every line with one avoids this slip when lines are added.";
    }
    RON_STRING = "P0153" {
        "tırnak kapanmamış", "a quote is not closed";
        help: "metnin içinde `\"` geçiyorsa `\\\"` yazın ya da r#\"…\"# kullanın",
              "write `\\\"` for a quote inside the text, or use r#\"…\"#";
        page: "Metinler çift tırnakla başlar ve biter. Çok satırlı ya da tırnak içeren metinler için ham \
               yazım kolaydır: r#\"…\"#.",
              "Texts begin and end with a double quote. For texts with many lines or quotes inside, the raw \
               form is easier: r#\"…\"#.";
    }
    RON_ESCAPE = "P0154" {
        "`{found}` bilinmeyen bir kaçış dizisi", "`{found}` is not a known escape";
        help: "ters bölü çizgisinin kendisi için `\\\\` yazın", "write `\\\\` for a backslash itself";
        page: "Metin içinde `\\n` satır sonu, `\\t` sekme, `\\\"` tırnak, `\\\\` ters bölü, `\\u{11f}` bir \
               Unicode karakteridir. Ham metinlerde (r#\"…\"#) kaçış dizisi yoktur.",
              "Inside text `\\n` is a line break, `\\t` a tab, `\\\"` a quote, `\\\\` a backslash, `\\u{11f}` a \
               Unicode letter. Raw texts (r#\"…\"#) have no escapes.";
    }
    RON_NUMBER = "P0155" {
        "`{found}` bir sayı değil", "`{found}` is not a number";
        page: "Sayılar `12`, `-3`, `0.25`, `1_000` ya da `0x1F` gibi yazılır; ondalık ayırıcı noktadır. \
               64 bite sığmayan tam sayılar kabul edilmez.",
              "Numbers are written `12`, `-3`, `0.25`, `1_000` or `0x1F`, with a point for fractions. \
               Integers beyond 64 bits are refused.";
    }
    RON_CHARACTER = "P0156" {
        "`{found}` burada yazılamaz", "`{found}` cannot stand here";
        help: "alanlar `ad: değer` biçiminde yazılır, virgülle ayrılır",
              "fields are written `name: value` and separated by commas";
        page: "RON yalnızca `( ) [ ] { } , :` işaretlerini kullanır. `=` yerine `:`, `;` yerine `,` yazın; \
               kıvrık tırnaklar (“ ”) düz tırnak (\") olmalıdır.",
              "RON uses only the signs `( ) [ ] { } , :`. Write `:` for `=` and `,` for `;`; curly quotes \
               (“ ”) must be straight (\").";
    }
    RON_COMMENT = "P0157" {
        "yorum kapanmamış; `*/` eksik", "a comment is not closed; `*/` is missing";
        page: "`/*` ile başlayan yorum `*/` ile biter; iç içe yazılabilir. Satır sonuna kadar süren \
               yorumlar `//` ile başlar.",
              "A comment that begins with `/*` ends with `*/`; they may be nested. Comments to the end of \
               the line begin with `//`.";
    }
    RON_TRAILING = "P0158" {
        "senaryo bittikten sonra fazladan metin var: `{found}`", "there is text behind the end of the scenario: `{found}`";
        help: "önceki satırlarda fazladan bir `)` olabilir", "there may be one `)` too many above";
        page: "Bir dosyada tek bir senaryo durur: `( … )`. Son ayraçtan sonra yalnızca yorum gelebilir.",
              "A file holds one scenario: `( … )`. Only comments may follow the last bracket.";
    }
    RON_MIXED = "P0159" {
        "adlı ve adsız değerler aynı ayraçta karışmış", "named and unnamed values are mixed in one bracket";
        help: "ya hepsine ad verin, örneğin `eventually(that: …, within: \"60s\")`, ya hiçbirine",
              "name all of them, as in `eventually(that: …, within: \"60s\")`, or none";
        page: "Bir ayraç ya sırayla değerler `ready(\"deployment/web\", 3)` ya da adlarıyla alanlar \
               `ready(of: \"deployment/web\", replicas: 3)` içerir; ikisi bir arada yazılamaz.",
              "A bracket holds either values in order, `ready(\"deployment/web\", 3)`, or fields by name, \
               `ready(of: \"deployment/web\", replicas: 3)`; not both.";
    }
    RON_DUPLICATE = "P0160" {
        "`{key}` ikinci kez yazılmış", "`{key}` is written twice";
        page: "Bir ayraçta ya da eşlemede her ad bir kez bulunur; hangisinin geçerli olduğu başka türlü \
               bilinemezdi.",
              "A name stands once in a bracket or map; otherwise nobody could know which one holds.";
    }
    RON_MISMATCH = "P0161" {
        "`{expected}` bekleniyor, `{found}` görüldü", "expected `{expected}`, found `{found}`";
        page: "Ayraçlar açıldıkları türle kapanır: `(` ile açılan `)`, `[` ile açılan `]`, `{` ile açılan \
               `}` ister.",
              "Brackets close with their own kind: `(` with `)`, `[` with `]`, `{` with `}`.";
    }
    RON_COLON = "P0162" {
        "bu addan sonra `:` ve bir değer bekleniyor", "`:` and a value are expected after this name";
        page: "Alanlar `ad: değer` biçimindedir. Tek başına bir ad, alanların arasında durmaz.",
              "Fields have the form `name: value`. A name alone cannot stand between fields.";
    }
    RON_TOO_DEEP = "P0163" {
        "ayraçlar çok derin iç içe geçmiş", "brackets are nested too deeply";
        page: "Prova en çok 100 düzey iç içe ayraç okur. Bir senaryo bundan çok daha azıyla yazılır.",
              "Prova reads at most 100 levels of brackets. A scenario needs far fewer.";
    }
    RON_SINGLE_QUOTES = "P0164" {
        "metinler çift tırnakla yazılır: {found}", "texts stand in double quotes: {found}";
        page: "RON'da tek tırnak tek bir karakter içindir ('x'); metinler çift tırnak ister (\"x\").",
              "In RON single quotes hold one letter ('x'); texts need double quotes (\"x\").";
    }
    RON_UNIT = "P0165" {
        "birimli değerler tırnak içinde yazılır: `{found}`", "values with a unit stand in quotes: `{found}`";
        help: "\"{found}\" yazın", "write \"{found}\"";
        page: "Süreler (\"50s\"), boyutlar (\"512Mi\") ve işlemci miktarları (\"250m\") metin olarak yazılır; \
               tırnaksız yalnızca birimsiz sayılar geçerlidir.",
              "Durations (\"50s\"), sizes (\"512Mi\") and amounts of CPU (\"250m\") are written as text; \
               without quotes only numbers without a unit are valid.";
    }
    BAD_DURATION = "P0170" {
        "`{path}` bir süre değil: `{found}`", "`{path}` is not a duration: `{found}`";
        help: "sayı ve birim yazın: \"500ms\", \"50s\", \"1m30s\", \"2h\"",
              "write number and unit: \"500ms\", \"50s\", \"1m30s\", \"2h\"";
        page: "Süreler tırnak içinde, sayı ve birimle yazılır. Birimler `ns`, `us`, `ms`, `s`, `m` \
               (dakika) ve `h` (saat); büyükten küçüğe art arda gelebilirler: \"1h30m\". Birimsiz \
               sayı kabul edilmez, çünkü saniye mi milisaniye mi olduğu anlaşılmaz.",
              "Durations stand in quotes, number and unit. The units are `ns`, `us`, `ms`, `s`, `m` \
               (minutes) and `h`; they may follow each other: \"1h30m\". A number without a unit is \
               refused because nobody can tell seconds from milliseconds.";
    }
    BAD_SIZE = "P0171" {
        "`{path}` bir boyut değil: `{found}`", "`{path}` is not a size: `{found}`";
        help: "Kubernetes birimleriyle yazın: \"512Mi\", \"2Gi\", \"500M\"",
              "write it with Kubernetes' units: \"512Mi\", \"2Gi\", \"500M\"";
        page: "Boyutlar Kubernetes miktarları gibi yazılır: `Ki`, `Mi`, `Gi` 1024'ün, `k`, `M`, `G` \
               1000'in katlarıdır. Boyut eksi olamaz.",
              "Sizes are written like Kubernetes quantities: `Ki`, `Mi`, `Gi` are powers of 1024, \
               `k`, `M`, `G` powers of 1000. A size cannot be negative.";
    }
    BAD_CPU = "P0172" {
        "`{path}` bir işlemci miktarı değil: `{found}`", "`{path}` is not an amount of CPU: `{found}`";
        help: "çekirdek sayısı ya da binde biri: \"4\", \"1.5\", \"250m\"",
              "cores or thousandths of a core: \"4\", \"1.5\", \"250m\"";
        page: "İşlemci miktarı çekirdekle ölçülür; `m` binde bir çekirdektir: \"250m\" çeyrek \
               çekirdek demektir. Binde birden küçük miktar yoktur.",
              "CPU is measured in cores; `m` is a thousandth: \"250m\" is a quarter of a core. There \
               is nothing smaller than a thousandth.";
    }
    BAD_RATIO = "P0173" {
        "`{path}` 0 ile 1 arasında bir oran olmalı; `{found}` yazılmış",
        "`{path}` must be a ratio between 0 and 1, found `{found}`";
        help: "yüzde 5 için 0.05 yazın", "write 0.05 for five per cent";
        page: "Kayıp, yinelenme ve sıra bozulması olasılıktır: 0 hiç, 1 her zaman demektir.",
              "Loss, duplication and reordering are probabilities: 0 means never, 1 always.";
    }
    BAD_RATE = "P0175" {
        "`{path}` saniyede istek sayısı değil: `{found}`", "`{path}` is not a number of requests per second: `{found}`";
        help: "örneğin 20 ya da 0.5; en çok üç ondalık", "for example 20 or 0.5; at most three digits after the point";
        page: "İstek hızı saniyedeki istek sayısıdır ve eksi olamaz. İstekler rastgele aralıklarla gelir \
               (`even: true` ile eşit aralıklarla), ortalaması bu hızdır.",
              "A rate is the number of requests per second and cannot be negative. Requests come at random \
               distances (even ones with `even: true`) that average to this rate.";
    }
    BAD_OBJECT_REF = "P0174" {
        "`{path}` bir nesne adı değil: `{found}`", "`{path}` does not name an object: `{found}`";
        help: "tür/ad ya da tür/ad-alanı/ad yazın: \"deployment/frontend\", \"pod/default/web-0\"",
              "write kind/name or kind/namespace/name: \"deployment/frontend\", \"pod/default/web-0\"";
        page: "Nesneler türleri ve adlarıyla anılır. Ad alanı yazılmazsa `default` anlaşılır. Tür, \
               kubectl'de olduğu gibi küçük harfle, tekil, çoğul ya da kısaltma olarak yazılabilir: \
               `deployment`, `deployments`, `deploy`.",
              "Objects are named by kind and name. Without a namespace `default` is meant. As in \
               kubectl the kind is written in lower case, singular, plural or short: `deployment`, \
               `deployments`, `deploy`.";
    }
}

crate::texts! {
    /// Words for what was expected or found in a RON text.
    pub enum Token {
        Value { tr: "bir değer", en: "a value" },
        Key { tr: "bir anahtar", en: "a key" },
        Field { tr: "bir alan adı", en: "the name of a field" },
        CommaOrBracket { tr: "virgül ya da kapanan ayraç", en: "a comma or a closing bracket" },
        Text { tr: "metin", en: "text" },
        Number { tr: "sayı", en: "a number" },
        End { tr: "dosyanın sonu", en: "the end of the file" },
    }
}
