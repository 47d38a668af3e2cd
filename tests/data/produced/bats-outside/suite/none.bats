helper() { true; }
