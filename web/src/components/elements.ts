/** The names of the elements in a BPMN file, by id. What cannot be read has none. */
export function elementNames(xml: string): Map<string, string> {
  if (xml === "") return new Map();
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const named = [...file.querySelectorAll("[id][name]")];
  return new Map(named.map((element) => [element.getAttribute("id") ?? "", element.getAttribute("name") ?? ""]));
}
