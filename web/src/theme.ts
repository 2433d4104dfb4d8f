import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The one accent: deep water behind a gate. */
const basin: MantineColorsTuple = [
  "#e8f6f8", "#d3eaee", "#a6d4dc", "#75bdca", "#4eaaba", "#359eb0", "#25889a", "#14717f", "#0b6170", "#04505e",
];

/** Neutral greys with a little of the accent in them. */
const dark: MantineColorsTuple = [
  "#d5dadd", "#b9c1c5", "#95a0a6", "#6b767c", "#49545a", "#363f45", "#2a3237", "#1f262a", "#171d20", "#101517",
];

/** Of a dialog: the title stands out, and a long one breaks. */
const DIALOG = { title: { fontWeight: 600, overflowWrap: "anywhere" as const } };

/** What opens over the page is still a part of its content, for those who go by landmarks. */
const LAYERS = { target: "#layers" };

export const theme = createTheme({
  primaryColor: "basin",
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { basin, dark },
  defaultRadius: "sm",
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", "Cascadia Code", Menlo, "Liberation Mono", monospace',
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.5rem", lineHeight: "2rem" }, h2: { fontSize: "1.125rem" }, h3: { fontSize: "1rem" } } },
  cursorType: "pointer",
  components: {
    // the header of a dialog is no banner of the page
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" }, centered: true, attributes: { header: { role: "none" } } }, styles: DIALOG },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "none" } } }, styles: DIALOG },
    // what would take the focus instead of the first item is no child that a menu may have
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: "md", portalProps: LAYERS } },
    // the list itself scrolls: a box around it would have to be reached by the keyboard
    Select: { defaultProps: { withScrollArea: false, comboboxProps: { shadow: "md", portalProps: LAYERS } }, styles: { options: { maxHeight: 260, overflowY: "auto" } } },
    Popover: { defaultProps: { portalProps: LAYERS } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Alert: { defaultProps: { closeButtonLabel: "Close" } },
  },
});

/** Texts that are less important still have 4.5 : 1 on both backgrounds (WCAG 1.4.3). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#5a666c", "--mantine-color-placeholder": "#66727a", "--mantine-color-error": "#b42318", "--forebay-line": "#dde3e6", "--forebay-raised": "#f6f8f9" },
  dark: { "--mantine-color-dimmed": "#a3adb2", "--mantine-color-placeholder": "#98a3a9", "--mantine-color-error": "#ff8b80", "--forebay-line": "#2f383d", "--forebay-raised": "#1b2225" },
});
