import { useMutation } from "@tanstack/react-query";
import { toast } from "../../components/toast";
import { said } from "../../api/refusal";
import { download } from "../../components/download";

/** Fetches an archive and gives it to the person under a name. */
export function useDownload() {
  return useMutation({
    mutationFn: async ({ read, name }: { read: () => Promise<Blob>; name: string }) => download(await read(), name),
    // a menu that was left has no place of its own to say it in
    onError: (error) => toast({ title: "The export failed", message: said(error) }),
  });
}
