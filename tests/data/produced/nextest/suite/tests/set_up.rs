#[test]
fn never_run() {}
