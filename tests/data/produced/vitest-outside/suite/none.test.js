import { afterAll, beforeAll, describe, expect, test } from 'vitest';
const helper = 1;
