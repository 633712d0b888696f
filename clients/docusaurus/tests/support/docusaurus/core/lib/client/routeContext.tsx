/** Docusaurus's own, which names the plugin that a page belongs to. */
import type { ReactNode } from 'react';

export const RouteContextProvider = ({ children }: { children: ReactNode }) => children;
