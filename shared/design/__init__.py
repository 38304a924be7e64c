"""The visual language: tokens, style sheets, page frames and the parts pages are built from."""
