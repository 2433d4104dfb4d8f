import { expect, test } from "vitest";
import { fileName } from "./download";

test("a file's name has nothing in it that leads elsewhere", () => {
  expect(fileName(["Order intake", "main"], "tar.gz")).toBe("Order-intake-main.tar.gz");
  expect(fileName(["../../etc/passwd"], "tar.gz")).toBe("..-..-etc-passwd.tar.gz");
  expect(fileName(["Заказы 🚀"], "tar.gz")).toBe("Заказы-.tar.gz");
});
