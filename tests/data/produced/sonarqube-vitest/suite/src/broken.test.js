import './not-there';
import { test } from 'vitest';

test('is never seen', () => {});
