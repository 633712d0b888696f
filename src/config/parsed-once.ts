/** How schemas of the environment are parsed: once in the life of a process, so zod need not compile a function for each. */
export const parsedOnce = { jitless: true } as const;
