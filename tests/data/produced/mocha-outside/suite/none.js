const helper = 1;
