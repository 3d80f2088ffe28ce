//! P03xx: manifests that have the right shape but break Kubernetes' own rules.

super::codes! {
    BAD_QUANTITY = "P0301" {
        "`{path}` bir miktar değil: `{found}`", "`{path}` is not a quantity: `{found}`";
        help: "örnekler: işlemci \"250m\" ya da \"2\", bellek \"128Mi\" ya da \"1Gi\"",
              "examples: CPU \"250m\" or \"2\", memory \"128Mi\" or \"1Gi\"";
        page: "Kubernetes miktarları bir sayı ve isteğe bağlı bir sonektir: `m` binde bir; `k`, `M`, \
               `G`, `T`, `P`, `E` binin katları; `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` 1024'ün katları. \
               `MB`, `GB`, `mb` ya da boşlukla ayrılmış birimler geçersizdir.",
              "A Kubernetes quantity is a number and an optional suffix: `m` is a thousandth; `k`, \
               `M`, `G`, `T`, `P`, `E` are powers of 1000; `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` powers \
               of 1024. `MB`, `GB`, `mb` or a unit after a space are not valid.";
    }
}
