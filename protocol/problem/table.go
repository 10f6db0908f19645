package problem

import "example.org/smtpauth/protocol/smtp"

// rows are looked through from the top: words before enhanced codes, those
// before codes.
var rows = []row{
	// What is meant by "too many" stands behind any code: Gmail's 454, Yahoo's 535
	// (#AUTH005), Exchange's 432 4.3.2.
	{0, none, []string{"too many", "rate limit", "concurrent connections"}, TooMany},
	{432, smtp.EnhancedCode{4, 3, 2}, nil, TooMany},

	// Passwords for programs: Gmail, Mail.ru (transliterated), Yandex, QQ and 163,
	// the last two also in GBK, and in GBK read as ISO 8859-1.
	{0, none, []string{"application-specific password", "app password", "app-specific password", "application password", "parol prilozheniya",
		"authorization code", "授权码", "\xca\xda\xc8\xa8\xc2\xeb", "ÊÚÈ¨Âë"}, AppPassword},

	// Rules of an organization or a provider: Microsoft 365's 5.7.139 tells by words
	// alone which (Gmail's 5.7.14 wants a log-in by browser).
	{0, none, []string{"is disabled for the tenant", "is disabled for the mailbox", "smtpclientauthentication is disabled", "basic authentication is disabled",
		"security defaults", "did not meet the criteria", "user is locked", "account is locked", "account disabled", "account is disabled", "account has been",
		"suspended", "log in via your web browser", "login via your web browser", "conditional access", "not authorized to use this service"}, Policy},

	// A password service that is away says so behind 454, and behind 535.
	{0, none, []string{"connection lost to authentication server", "temporary authentication failure", "temporary failure", "temporarily", "internal error", "try again later"}, Temporary},

	{0, none, []string{"password expired", "password has expired", "must change", "password transition"}, Transition},
	{0, none, []string{"channel binding", "channel-binding"}, Binding},
	{0, none, []string{"assume other role", "not authorized to act", "may not act as", "authorization identity"}, Authorization},
	{0, none, []string{"token expired", "invalid token", "expired token"}, Token},
	{0, none, []string{"mechanism too weak"}, TooWeak},
	{0, none, []string{"starttls", "encryption", "encrypted", "tls is required", "tls required", "secure connection", "plaintext authentication disabled"}, NeedsTLS},
	{0, none, []string{"authenticate first", "must issue an auth", "not authenticated", "authentication is required", "authentication required", "log in first", "need ehlo and auth"}, NeedsAuth},
	{535, none, []string{"invalid authentication mechanism", "no mechanism available", "mechanism not"}, Mechanism},
	{0, none, []string{"base64", "cannot decode", "can't decode"}, Form},
	{0, none, []string{"credentials were incorrect", "invalid username or password", "incorrect username or password", "username or password"}, Credentials},

	// One of several, and the server does not tell which: QQ says so in its own
	// words, Exchange with 5.7.3, Microsoft 365 with 5.7.139 and none of the above.
	{535, none, []string{"account is abnormal"}, Unclear},
	{535, smtp.EnhancedCode{5, 7, 3}, nil, Unclear},
	{535, smtp.EnhancedCode{5, 7, 139}, nil, Unclear},

	// RFC 4954 §6 and RFC 5248.
	{0, smtp.EnhancedCode{5, 7, 4}, nil, Mechanism},
	{0, smtp.EnhancedCode{5, 7, 8}, nil, Credentials},
	{0, smtp.EnhancedCode{5, 7, 9}, nil, TooWeak},
	{0, smtp.EnhancedCode{5, 7, 10}, nil, NeedsTLS},
	{0, smtp.EnhancedCode{5, 7, 11}, nil, NeedsTLS},
	{0, smtp.EnhancedCode{4, 7, 12}, nil, Transition},
	{0, smtp.EnhancedCode{5, 7, 13}, nil, Policy}, // the account is disabled
	{0, smtp.EnhancedCode{5, 7, 14}, nil, Policy}, // no trust
	{0, smtp.EnhancedCode{5, 5, 6}, nil, Form},
	{432, none, nil, Transition},
	{454, none, nil, Temporary},
	{500, none, nil, Form},
	{501, none, nil, Form},
	{502, none, nil, Order},
	{503, none, nil, Order},
	{504, none, nil, Mechanism},
	{523, none, nil, NeedsTLS},
	{524, none, nil, Credentials}, // Alibaba's
	{526, none, nil, Credentials}, // and this
	{530, none, nil, NeedsAuth},
	{534, none, nil, TooWeak},
	{535, none, nil, Credentials},
	{538, none, nil, NeedsTLS},
}

var none = smtp.EnhancedCode{}

// reasons are what a server finds, by kind.
var reasons = map[Kind][]string{
	Credentials:   {"unknown-user", "wrong-password", "withheld", "empty", "not-prepared", "prepared-only"},
	Authorization: {"not-authorized"},
	Token:         {"malformed-token", "bad-signature", "wrong-issuer", "expired", "wrong-audience", "wrong-scope", "wrong-user", "wrong-host"},
	Ticket: {"wrong-service", "wrong-service-key", "wrong-authenticator", "wrong-principal", "wrong-checksum", "clock-skew", "ticket-expired",
		"replayed", "no-layer"},
	Certificate: {"no-certificate"},
	Binding:     {"no-binding", "binding-flag", "binding-type", "other-channel", "downgrade"},
	Altered:     {"header-changed", "wrong-nonce", "wrong-target", "wrong-mic"},
	TooWeak:     {"old-response"},
	Transition:  {"no-clear-password", "other-verifier"},
	Form: {"malformed", "initial-response", "mandatory-extension", "trace", "no-qop", "wrong-realm", "wrong-uri", "zero-number",
		"unknown-group", "group-too-large", "no-hash"},
	Temporary: {"too-many-iterations", "too-much-work"},
}
