import { expect, test } from "vitest";

test("adds", () => expect(1 + 2).toBe(3));
test("is wrong", () => expect(1 + 1).toBe(3));
