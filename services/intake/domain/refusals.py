"""Finds out whether a person asks, in their own words, for our texts to end.

A refusal is an imperative at the start of a sentence, or one of a few phrases. "He will not stop texting
me" and "the traffic stop on 5th street" are concerns. Patterns meet text in lower case without accents.
"""

import re
import unicodedata
from collections.abc import Iterable

_SENTENCE_ENDS = re.compile(r"[.!?;\n…]+")
_AROUND = " \t\r,:¡¿'\"“”‘«»*()[]-_"
_CONSIDERED = 2000

_ENGLISH = (
    r"(?:(?:please|pls|plz|kindly|hey|hi|hello|ok|okay|no|and|just|(?:can|could|would|will) you"
    r"|i want you to|i asked you to|you need to|you must),?\s+)*",
    r"(?:do not|don'?t|never|stop|quit|cease) (?:ever )?(?:text|texting|messag(?:e|es|ing)|sms|contact|contacting"
    r"|send|sending|writ(?:e|ing))(?: to)? (?:me|us|this number|this phone|my number|my phone)\b",
    r"(?:stop|no more|(?:do not|don'?t) send(?: me)?)(?: any| the| these| your| more| those)* "
    r"(?:texts?|text messages|messages|sms|texting)\b(?! (?:from|by) (?:him|her|them|my))",
    r"(?:take|remove|delete|get) (?:me|(?:my|this)(?: phone)? number|my phone) (?:off|from|out of)\b",
    r"unsubscribe (?:me|us)\b",
    r"opt (?:me|us) out\b",
    r"i (?:want|would like|wish) to (?:opt out|unsubscribe)\b",
    r"i (?:want|would like) to stop (?:getting|receiving) (?:these |your |any )*(?:texts?|messages)\b",
    r"i (?:do not|don'?t|no longer) (?:want|wish) (?:to (?:get|receive) )?(?:any |more |these |your )*"
    r"(?:texts?|messages)\b",
    r"i (?:revoke|withdraw) (?:my )?(?:consent|permission)\b",
    r"(?:sorry,? )?(?:you have the |this is the |this is a )?wrong number$",
)
_SPANISH = (
    r"(?:(?:por favor|oiga|hola|ya|pido que|quiero que),?\s+)*",
    r"no me (?:mande|envie|escriba|contacte|textee)n?\b(?: mas| nada)*(?: mensajes| textos| sms)?",
    r"no (?:mande|envie)n? mas (?:mensajes|textos|sms)\b",
    r"(?:deje|deja|dejen|pare|paren) de (?:mandar|enviar|escribir|textear|contactar)(?:me|nos)\b",
    r"no (?:quiero|deseo) (?:(?:recibir|mas|sus|estos) )*(?:mensajes|textos|sms)\b",
    r"(?:quite|borre|saque)n? mi numero\b",
    r"(?:es un )?numero equivocado$",
)
_FRENCH = (
    r"(?:(?:s'il vous plait|s'il te plait|svp|bonjour|je veux que vous),?\s+)*",
    r"ne (?:m'|me )(?:envoyez|ecrivez|contactez|textez) (?:plus|pas)\b",
    r"arretez de (?:m'|me )(?:envoyer|ecrire|contacter|texter)\b",
    r"je ne (?:veux|souhaite) plus (?:recevoir )?(?:de |vos |ces )*(?:messages|textos|sms)\b",
    r"plus de (?:messages|textos|sms)\b",
    r"(?:c'est un )?(?:faux|mauvais) numero$",
)
_PORTUGUESE = (
    r"(?:(?:por favor|ola|peco que),?\s+)*",
    r"nao me (?:mande|envie|escreva|contate)m?\b(?: mais)?(?: mensagens| sms)?",
    r"parem? de me (?:mandar|enviar|escrever|contatar)\b",
    r"nao quero (?:mais )?(?:receber )?(?:mais )?(?:mensagens|sms)\b",
    r"(?:e )?numero errado$",
)


def _compiled(languages: Iterable[tuple[str, ...]]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(f"{lead}(?:{'|'.join(refusals)})") for lead, *refusals in languages)


_REFUSALS = _compiled((_ENGLISH, _SPANISH, _FRENCH, _PORTUGUESE))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))


def refuses_texts(text: str) -> bool:
    """Whether our texts shall end, said freely ("please don't text me again")."""
    sentences = (" ".join(part.strip(_AROUND).split()) for part in _SENTENCE_ENDS.split(_plain(text[:_CONSIDERED])))
    return any(refusal.match(sentence) for sentence in sentences if sentence for refusal in _REFUSALS)
