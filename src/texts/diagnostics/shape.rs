//! P02xx: texts that are well formed but do not have the expected shape.

super::codes! {
    UNKNOWN_FIELD = "P0201" {
        "`{owner}` içinde `{field}` adlı bir alan yok", "`{owner}` has no field called `{field}`";
        page: "Alan adları büyük-küçük harfe duyarlıdır ve bulundukları yere bağlıdır: `replicas` \
               `spec` altında vardır, `metadata` altında yoktur. Kubernetes API sunucusu bilinmeyen \
               bir alanı katı denetimde geri çevirir; eskiden sessizce atardı ve yazım hataları \
               aylarca fark edilmezdi.",
              "Field names are case sensitive and belong to their place: `replicas` exists under \
               `spec`, not under `metadata`. Under strict validation the Kubernetes API server \
               refuses unknown fields; it used to drop them silently, and typing errors went \
               unnoticed for months.";
    }
    WRONG_TYPE = "P0202" {
        "`{path}` için {expected} bekleniyor, {found} yazılmış",
        "`{path}` expects {expected}, found {found}";
        page: "Her alanın bir türü vardır: metin, tam sayı, mantıksal değer, liste ya da alanlardan \
               oluşan bir nesne. YAML'de `- ` bir liste öğesi, `ad: değer` bir nesne alanı başlatır.",
              "Every field has a type: text, integer, boolean, list, or an object made of fields. \
               In YAML `- ` starts an item of a list and `name: value` a field of an object.";
    }
    NEEDS_QUOTES = "P0203" {
        "`{path}` metin bekliyor; YAML `{found}` değerini {kind} olarak okur",
        "`{path}` expects text; YAML reads `{found}` as {kind}";
        help: "tırnak içine alın: \"{found}\"", "quote it: \"{found}\"";
        page: "YAML tırnaksız `8080` değerini sayı, `yes`, `on`, `true` değerlerini mantıksal değer \
               olarak okur. Ortam değişkenleri, etiketler ve açıklama notları metindir; bu yüzden \
               böyle değerler tırnak içine alınmalıdır. Kubernetes burada kendiliğinden çevirmez.",
              "Without quotes YAML reads `8080` as a number and `yes`, `on`, `true` as booleans. \
               Environment variables, labels and annotations are texts, so such values must be \
               quoted. Kubernetes does not convert them on its own.";
    }
    MISSING_FIELD = "P0204" {
        "`{owner}` içinde zorunlu `{field}` alanı yok", "`{owner}` lacks the required field `{field}`";
        page: "Bu alanın öntanımlı bir değeri yoktur; onsuz nesnenin ne demek olduğu bilinemez.",
              "This field has no default value; without it nobody can know what the object means.";
    }
    NOT_AN_OBJECT = "P0205" {
        "bir Kubernetes nesnesi bekleniyor, {found} yazılmış",
        "a Kubernetes object is expected, found {found}";
        help: "her belge `apiVersion`, `kind` ve `metadata` ile başlar",
              "every document starts with `apiVersion`, `kind` and `metadata`";
        page: "Bildirim dosyası, `---` ile ayrılmış nesnelerden oluşur. Her nesne hangi sürümden \
               (`apiVersion`) ve hangi türden (`kind`) olduğunu söyler.",
              "A manifest is a series of objects separated by `---`. Every object says of which \
               version (`apiVersion`) and kind (`kind`) it is.";
    }
    UNKNOWN_KIND = "P0206" {
        "`{kind}` adlı bir tür yok", "there is no kind called `{kind}`";
        page: "Tür adı ne Kubernetes 1.33'ün yerleşik türlerinden biri ne de Prova'nın bildiği bir \
               tür. Özel türler (CustomResourceDefinition ile eklenenler) henüz benzetilmiyor.",
              "The kind is neither one that Kubernetes 1.33 has built in nor one that Prova knows. \
               Custom kinds (added by a CustomResourceDefinition) are not simulated yet.";
    }
    WRONG_API_VERSION = "P0207" {
        "`{kind}` türü `{found}` sürümünde değil, `{expected}` sürümündedir",
        "kind `{kind}` is not in `{found}` but in `{expected}`";
        page: "Her tür bir API grubunda ve sürümünde yaşar: Deployment `apps/v1` içinde, Service \
               `v1` içinde. Eski sürümler (`extensions/v1beta1` gibi) Kubernetes'ten kaldırılmıştır.",
              "Every kind lives in an API group and version: Deployment in `apps/v1`, Service in \
               `v1`. Old versions (such as `extensions/v1beta1`) have been removed from Kubernetes.";
    }
    WORKLOAD_NOT_SIMULATED = "P0208" {
        "`{kind}` henüz benzetilmiyor: {name} adlı nesnenin podları küme içinde görünmeyecek",
        "`{kind}` is not simulated yet: the pods of {name} will not appear in the cluster";
        page: "Nesne Kubernetes kurallarına göre denetlendi, ama Prova bu türün denetleyicisini \
               henüz çalıştırmıyor. Ona bağlı olan her şey (servis uçları, bekleyen istekler) bu \
               podlar hiç yokmuş gibi davranır.",
              "The object was checked against Kubernetes' rules, but Prova does not yet run the \
               controller of this kind. Whatever depends on it (endpoints, requests) behaves as if \
               these pods did not exist.";
    }
    KIND_NOT_SIMULATED = "P0209" {
        "`{kind}` henüz benzetilmiyor; dikkate alınmayan nesneler: {names}",
        "`{kind}` is not simulated yet; left out: {names}";
        page: "Nesne geçerlidir ve denetlenmiştir, fakat benzetimde bir etkisi yoktur. Kümenin geri \
               kalanı onsuz da aynı davranır ya da bu tür Prova'nın kapsamına henüz girmemiştir.",
              "The object is valid and was checked, but has no effect in the rehearsal: either the \
               rest of the cluster behaves the same without it, or Prova does not cover it yet.";
    }
    FIELDS_NOT_SIMULATED = "P0210" {
        "{count} alan benzetilmiyor: {fields}", "{count} field(s) are not simulated: {fields}";
        page: "Kubernetes bu alanları bilir ve Prova onları kabul eder, ama benzetimin gidişini \
               değiştirmezler (servis hesapları, güvenlik bağlamı, birimler gibi). Her yol, dosya \
               başına bir kez sayılır.",
              "Kubernetes knows these fields and Prova accepts them, but they do not change the \
               course of the rehearsal (service accounts, security context, volumes and the like). \
               Each path is listed once per file.";
    }
    CUSTOM_KIND = "P0216" {
        "`{version}` içindeki `{kind}` özel bir tür; benzetilmiyor",
        "`{kind}` of `{version}` is a custom kind and not simulated";
        page: "API grubu Kubernetes'in kendisine ait değil: tür, CustomResourceDefinition ile eklenmiş \
               (Istio, Argo, cert-manager gibi). Prova bu nesneyi denetleyemez ve dikkate almaz.",
              "The API group is not Kubernetes' own: the kind was added by a CustomResourceDefinition \
               (Istio, Argo, cert-manager and so on). Prova can neither check nor use the object.";
    }
    OUT_OF_RANGE = "P0211" {
        "`{path}` {min} ile {max} arasında olmalı; {found} yazılmış",
        "`{path}` must be between {min} and {max}, found {found}";
        page: "Değer, bu alanın kabul ettiği aralığın dışında. Portlar 1–65535 arasındadır, kopya \
               sayıları ve süreler eksi olamaz.",
              "The value lies outside what this field accepts. Ports are 1–65535, replica counts and \
               durations cannot be negative.";
    }
    UNKNOWN_VARIANT = "P0212" {
        "`{path}` için `{found}` diye bir seçenek yok", "`{path}` has no choice called `{found}`";
        help: "seçenekler: {choices}", "choices: {choices}";
        page: "Bu yerde yalnızca belirli sözcükler yazılabilir. Büyük-küçük harf önemlidir: \
               `Always` geçerlidir, `always` değildir.",
              "Only certain words can stand here. Case matters: `Always` is one of them, `always` \
               is not.";
    }
    WRONG_COUNT = "P0213" {
        "`{path}` {expected} değer bekliyor, {found} yazılmış",
        "`{path}` expects {expected} value(s), found {found}";
        page: "Ayraç içindeki değerlerin sayısı ve sırası bellidir; örneğin `ready(\"deployment/web\", 3)` \
               iki değer alır.",
              "The number and order of the values in brackets is fixed; `ready(\"deployment/web\", 3)` \
               takes two, for example.";
    }
    BAD_VALUE = "P0214" {
        "`{path}` okunamadı: {detail}", "`{path}` could not be read: {detail}";
        page: "Değer doğru türde, ama Kubernetes'in bu alan için beklediği biçimde değil; ayraç \
               içinde okuyucunun kendi açıklaması durur.",
              "The value has the right type but not the form Kubernetes expects here; the reader's \
               own words are given.";
    }
    BAD_TIME = "P0215" {
        "`{path}` bir zaman değil: `{found}`", "`{path}` is not a time: `{found}`";
        help: "RFC 3339 biçimi: 2025-01-31T12:00:00Z", "RFC 3339 form: 2025-01-31T12:00:00Z";
        page: "Kubernetes zamanları RFC 3339 biçiminde yazar: yıl-ay-gün, `T`, saat:dakika:saniye ve \
               saat dilimi. `creationTimestamp` gibi alanları bildirimde yazmaya gerek yoktur.",
              "Kubernetes writes times as RFC 3339: year-month-day, `T`, hour:minute:second and zone. \
               Fields such as `creationTimestamp` need not be written in a manifest.";
    }
}

crate::texts! {
    /// Words for what was expected and what was found, used as arguments of shape messages.
    pub enum TypeWord {
        Text { tr: "metin", en: "text" },
        Integer { tr: "tam sayı", en: "an integer" },
        Number { tr: "sayı", en: "a number" },
        Boolean { tr: "mantıksal değer (true/false)", en: "a boolean (true/false)" },
        List { tr: "liste", en: "a list" },
        Object { tr: "alanlardan oluşan bir nesne", en: "an object made of fields" },
        Map { tr: "eşleme", en: "a mapping" },
        Nothing { tr: "boş değer", en: "nothing" },
        Word { tr: "seçenek adı", en: "the name of a choice" },
        Value { tr: "değer", en: "a value" },
        Tuple { tr: "ayraç içinde değerler", en: "values in brackets" },
        Duration { tr: "süre (\"50s\")", en: "a duration (\"50s\")" },
        Size { tr: "boyut (\"512Mi\")", en: "a size (\"512Mi\")" },
        Cpu { tr: "işlemci miktarı (\"250m\")", en: "an amount of CPU (\"250m\")" },
        Ratio { tr: "0 ile 1 arasında bir oran", en: "a ratio between 0 and 1" },
        Rate { tr: "saniyede istek sayısı", en: "a number of requests per second" },
        ObjectRef { tr: "nesne adı (\"deployment/frontend\")", en: "the name of an object (\"deployment/frontend\")" },
        Manifest { tr: "dosya adı ya da inline(…)", en: "the name of a file or inline(…)" },
        IntOrPercent { tr: "tam sayı ya da yüzde (metin)", en: "an integer or a percentage (text)" },
    }
}
