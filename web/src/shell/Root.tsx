import { Outlet } from "@tanstack/react-router";

/** Around everything: the way past the navigation for those who use no mouse. */
export function Root() {
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Outlet />
    </>
  );
}
