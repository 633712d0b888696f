/**
 * The user menu in the navbar: a button that discloses links (WAI-ARIA Authoring Practices, "Disclosure Navigation
 * Menu"), with mouse, touch and keyboard: Enter, Escape, the arrow keys, Home and End.
 */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import AuthUserLinks from '@theme/AuthUserLinks';
import type { Props } from '@theme/AuthUserMenu';

export default function AuthUserMenu({ user, onSignedOut }: Props): ReactNode {
  const menuId = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    if (!isOpen) return undefined;
    function closeOutside({ target }: Event) {
      if (target instanceof Node && !box.current?.contains(target)) setOpen(false);
    }
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [isOpen]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) {
      setOpen(false);
      button.current?.focus();
      return;
    }
    if (!navigationKeys.includes(event.key)) return;
    event.preventDefault();
    setOpen(true);
    // Not `[...list]`: Docusaurus compiles it as if the list were an array.
    const items = Array.from(box.current?.querySelectorAll<HTMLElement>('.dropdown__link') ?? []);
    const next = nextPosition(
      event.key,
      items.findIndex((item) => item === document.activeElement),
      items.length,
    );
    // A hidden item cannot be focused.
    requestAnimationFrame(() => items[next]?.focus());
  }

  return (
    <div
      ref={box}
      className={`dropdown dropdown--right auth-user-menu ${isOpen ? 'dropdown--show' : ''}`}
      onKeyDown={onKeyDown}
    >
      <button
        ref={button}
        type="button"
        className="navbar__link auth-navbar-link auth-user-button"
        aria-expanded={isOpen}
        aria-controls={menuId}
        // The full name, if it is cut off.
        title={user.name || user.email}
        onClick={() => setOpen(!isOpen)}
      >
        <bdi>{user.name || user.email}</bdi>
      </button>
      <ul id={menuId} className="dropdown__menu" hidden={!isOpen}>
        <AuthUserLinks
          user={user}
          linkClass="dropdown__link"
          onClick={() => setOpen(false)}
          onSignedOut={onSignedOut}
        />
      </ul>
    </div>
  );
}

const navigationKeys: readonly string[] = ['ArrowDown', 'ArrowUp', 'Home', 'End'];

/** @param position -1 if the focus is on the button */
function nextPosition(key: string, position: number, count: number): number {
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'ArrowUp':
      return position <= 0 ? count - 1 : position - 1;
    default:
      return (position + 1) % count;
  }
}
