/** The classic theme's plural forms, in English. */

export const usePluralForm = () => ({
  selectMessage: (count: number, messages: string) => messages.split('|')[count === 1 ? 0 : 1],
});
