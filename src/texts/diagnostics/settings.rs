//! P045x: flags that no component has, or values that they cannot hold.

super::codes! {
    UNKNOWN_SETTING = "P0451" {
        "`{name}` adlı bir ayar yok", "there is no setting called `{name}`";
        page: "Ayarlar, Kubernetes bileşenlerinin gerçek bayrak adlarıyla yazılır: \
               `node-monitor-grace-period`, `kube-scheduler.kube-api-qps`. Yalnızca Prova'nın benzettiği \
               sabitler değiştirilebilir.",
              "Settings have the names of the components' real flags: `node-monitor-grace-period`, \
               `kube-scheduler.kube-api-qps`. Only constants that Prova simulates can be changed.";
    }
    BAD_SETTING = "P0452" {
        "`{name}` için {kind} bekleniyor, `{found}` yazılmış", "`{name}` expects {kind}, found `{found}`";
        help: "öntanımlı değeri {default}", "its default is {default}";
        page: "Her ayarın bir türü vardır: süreler birimiyle (\"50s\"), sayılar birimsiz, anahtarlar `true` \
               ya da `false` olarak yazılır.",
              "Every setting has a type: durations with a unit (\"50s\"), numbers without one, switches as \
               `true` or `false`.";
    }
    AMBIGUOUS_SETTING = "P0453" {
        "`{name}` birden çok bileşende var; bileşeni de yazın", "several components have `{name}`; write the component too";
        page: "Aynı adlı bayrak birden çok bileşende bulunabilir (`kube-api-qps` gibi). Böyle durumda \
               bileşenin adı başa yazılır: `kube-scheduler.kube-api-qps`.",
              "Several components may have a flag of the same name (such as `kube-api-qps`). Then the \
               component comes first: `kube-scheduler.kube-api-qps`.";
    }
}

crate::texts! {
    /// What a setting holds, as an argument of messages.
    pub enum Kind {
        Duration { tr: "süre (\"50s\")", en: "a duration (\"50s\")" },
        Count { tr: "tam sayı", en: "a whole number" },
        Number { tr: "sayı", en: "a number" },
        Switch { tr: "`true` ya da `false`", en: "`true` or `false`" },
        Addresses { tr: "10.96.0.0/12 gibi bir adres aralığı", en: "a range such as 10.96.0.0/12" },
        Ports { tr: "30000-32767 gibi bir kapı aralığı", en: "a range such as 30000-32767" },
        Strategy {
            tr: "LeastAllocated, MostAllocated ya da RequestedToCapacityRatio:0=0,100=10 (doluluk=puan, artan sırada)",
            en: "LeastAllocated, MostAllocated, or RequestedToCapacityRatio:0=0,100=10 (utilisation=score, rising)",
        },
    }
}
