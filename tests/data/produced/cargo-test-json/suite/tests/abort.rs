#[test]
fn a_goes() {}

#[test]
fn b_aborts() {
    std::process::abort();
}
