#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static void adds(void **state) { (void)state; }
static void total(void **state) { (void)state; assert_string_equal("7 €", "8 €"); }
static void skipped(void **state) { (void)state; skip(); }
static int broken(void **state) { (void)state; return -1; }
static void needs_database(void **state) { (void)state; }

int main(void) {
  const struct CMUnitTest cart[] = {
      cmocka_unit_test(adds), cmocka_unit_test(total), cmocka_unit_test(skipped),
      cmocka_unit_test_setup(needs_database, broken)};
  const struct CMUnitTest orders[] = {cmocka_unit_test(adds)};
  return cmocka_run_group_tests(cart, NULL, NULL) + cmocka_run_group_tests(orders, NULL, NULL);
}
