import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Right, whyNot } from "../texts/rights";
import { Head } from "./Head";

/** A page that is nothing without a right: who came by its address, and does not have it, is told so. */
export function Guard({ right, may, title, children }: { right: Right; may: boolean; title: string; children: ReactNode }) {
  if (may) return <>{children}</>;
  return (
    <>
      <Head title={title} />
      <Locked right={right} />
    </>
  );
}

/** What stands in the place of something that the person may not see. */
export function Locked({ right }: { right: Right }) {
  return (
    <Alert color="gray" icon={<IconLock size={18} aria-hidden />}>
      {whyNot(right)}
    </Alert>
  );
}
