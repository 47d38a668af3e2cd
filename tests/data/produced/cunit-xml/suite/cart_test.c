#include <CUnit/Automated.h>
#include <CUnit/CUnit.h>

static int no_database(void) { return 1; }
static void adds(void) { CU_ASSERT_EQUAL(1 + 1, 2); }
static void total(void) { CU_ASSERT_EQUAL(7, 8); CU_ASSERT_STRING_EQUAL("a", "b"); }
static void find(void) { CU_PASS("never run"); }

int main(void)
{
    CU_initialize_registry();
    CU_pSuite cart = CU_add_suite("cart", NULL, NULL);
    CU_add_test(cart, "adds", adds);
    CU_add_test(cart, "total", total);
    CU_pSuite orders = CU_add_suite("orders", no_database, NULL);
    CU_add_test(orders, "find", find);
    CU_set_output_filename("reports/cart");
    CU_automated_run_tests();
    int failed = CU_get_number_of_failure_records() > 0;
    CU_cleanup_registry();
    return failed;
}
