// What opens over a page: the larger part of the component library, and nothing of it is seen at first.
export { Menu, Modal, Popover, Select, Tooltip } from "@mantine/core";
