// Icons: drawn for this widget, 24 x 24, in the text's colour.
const icon = (body) =>
  `<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.8" ` +
  `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${body}</svg>`;

export const ICONS = {
  chat: icon('<path d="M4 6.8A2.8 2.8 0 0 1 6.8 4h10.4A2.8 2.8 0 0 1 20 6.8v6.4a2.8 2.8 0 0 1-2.8 2.8H11l-4.4 3.6V16A2.7 2.7 0 0 1 4 13.2z"/><path d="M8.5 10h.01M12 10h.01M15.5 10h.01" stroke-width="2.4"/>'),
  close: icon('<path d="M6 6l12 12M18 6L6 18"/>'),
  down: icon('<path d="M6 9.5l6 6 6-6"/>'),
  send: icon('<path d="M12 19V5.5M6 11l6-6 6 6"/>'),
  microphone: icon('<rect x="9" y="3.5" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5"/>'),
  muted: icon('<path d="M9 9V6.5a3 3 0 0 1 6 0v5M15 14a3 3 0 0 1-6-.8M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5c0 .7-.1 1.4-.3 2M12 18v2.5M4 4l16 16"/>'),
  person: icon('<circle cx="12" cy="8" r="3.6"/><path d="M5 19.5c.8-3.4 3.6-5.2 7-5.2s6.2 1.8 7 5.2"/>'),
  hangUp: icon('<path d="M4 14.2c0-1 .5-1.9 1.4-2.3a15 15 0 0 1 13.2 0c.9.4 1.4 1.3 1.4 2.3v.9c0 .7-.6 1.2-1.3 1.1l-2.6-.5c-.6-.1-1-.6-1-1.2v-1.3a11 11 0 0 0-6.2 0v1.3c0 .6-.4 1.1-1 1.2l-2.6.5c-.7.1-1.3-.4-1.3-1.1z"/>'),
  keypad: icon('<path d="M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01" stroke-width="3"/>'),
  // Two leaves of young grain: the lender's mark.
  mark: '<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path d="M16 27V13" stroke="#fff" stroke-width="2.2" stroke-linecap="round" fill="none"/><path d="M16 16c0-5 3-8.6 8.6-9.2C24.9 12.400 21.600 16 16 16z" fill="#fff"/><path d="M16 21.500c0-4.200-2.600-7.200-7.400-7.700C8.400 18.600 11.200 21.500 16 21.500z" fill="#bfe3d6"/></svg>',
};
