#[cfg(feature = "broken")]
#[test]
fn never_built() {
    undefined();
}
