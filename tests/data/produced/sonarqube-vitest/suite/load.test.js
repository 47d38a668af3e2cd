import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import './a-module-that-is-not-there';
