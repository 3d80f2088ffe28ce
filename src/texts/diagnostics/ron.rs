//! P01xx (second half): texts that are not RON, and words of the scenario language that have a form.

super::codes! {
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
