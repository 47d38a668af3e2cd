#include <check.h>
#include <stdlib.h>

START_TEST(adds) { ck_assert_int_eq(1 + 1, 2); }
END_TEST
START_TEST(total) { ck_assert_int_eq(7, 8); }
END_TEST
START_TEST(crashes) { abort(); }
END_TEST
START_TEST(price) { ck_assert_int_lt(_i, 2); }
END_TEST

int main(void)
{
    Suite *suite = suite_create("cart");
    TCase *cases = tcase_create("core");
    tcase_add_test(cases, adds);
    tcase_add_test(cases, total);
    tcase_add_test(cases, crashes);
    tcase_add_loop_test(cases, price, 0, 3);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_set_xml(runner, "reports/report.xml");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
