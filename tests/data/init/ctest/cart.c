#include <stdlib.h>

int main(int count, char **values) {
    return count == 2 && 1 + 2 == atoi(values[1]) ? 0 : 1;
}
