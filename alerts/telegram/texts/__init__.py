"""Every word of the conversation, in Arabic and English, by subject: to read and to translate."""
