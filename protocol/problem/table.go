package problem

import "example.org/smtpauth/protocol/smtp"

// rows are looked through from the top: words before enhanced codes, those
// before codes.
var rows = []row{
	// What is meant by "too many" stands behind any code: Gmail's 454, Yahoo's 535
	// (#AUTH005), Exchange's 432 4.3.2.
	{words: []string{"too many", "rate limit", "concurrent connections"}, kind: TooMany},
	{code: 432, enhanced: smtp.EnhancedCode{4, 3, 2}, kind: TooMany},

	// Passwords for programs: Gmail, Mail.ru (transliterated), Yandex, QQ and 163,
	// the last two also in GBK, and in GBK read as ISO 8859-1.
	{words: []string{"application-specific password", "app password", "app-specific password", "application password", "parol prilozheniya",
		"authorization code", "授权码", "\xca\xda\xc8\xa8\xc2\xeb", "ÊÚÈ¨Âë"}, kind: AppPassword},

	// Rules of an organization or a provider: Microsoft 365's 5.7.139 tells by words
	// alone which (Gmail's 5.7.14 wants a log-in by browser).
	{words: []string{"is disabled for the tenant", "is disabled for the mailbox", "smtpclientauthentication is disabled", "basic authentication is disabled",
		"security defaults", "did not meet the criteria", "user is locked", "account is locked", "account disabled", "account is disabled", "account has been",
		"suspended", "log in via your web browser", "login via your web browser", "conditional access", "not authorized to use this service"}, kind: Policy},

	// A password service that is away says so behind 454, and behind 535.
	{words: []string{"connection lost to authentication server", "temporary authentication failure", "temporary failure", "temporarily", "internal error", "try again later"}, kind: Temporary},

	{words: []string{"password expired", "password has expired", "must change", "password transition"}, kind: Transition},
	{words: []string{"channel binding", "channel-binding"}, kind: Binding},
	{words: []string{"assume other role", "not authorized to act", "may not act as", "authorization identity"}, kind: Authorization},
	{words: []string{"token expired", "invalid token", "expired token"}, kind: Token},
	{words: []string{"mechanism too weak"}, kind: TooWeak},
	{words: []string{"starttls", "encryption", "encrypted", "tls is required", "tls required", "secure connection", "plaintext authentication disabled"}, kind: NeedsTLS},
	{words: []string{"authenticate first", "must issue an auth", "not authenticated", "authentication is required", "authentication required", "log in first", "need ehlo and auth"}, kind: NeedsAuth},
	{code: 535, words: []string{"invalid authentication mechanism", "no mechanism available", "mechanism not"}, kind: Mechanism},
	{words: []string{"base64", "cannot decode", "can't decode"}, kind: Form},
	{words: []string{"credentials were incorrect", "invalid username or password", "incorrect username or password", "username or password"}, kind: Credentials},

	// One of several, and the server does not tell which: QQ says so in its own
	// words, Exchange with 5.7.3, Microsoft 365 with 5.7.139 and none of the above.
	{code: 535, words: []string{"account is abnormal"}, kind: Unclear},
	{code: 535, enhanced: smtp.EnhancedCode{5, 7, 3}, kind: Unclear},
	{code: 535, enhanced: smtp.EnhancedCode{5, 7, 139}, kind: Unclear},

	// RFC 4954 §6 and RFC 5248.
	{enhanced: smtp.EnhancedCode{5, 7, 4}, kind: Mechanism},
	{enhanced: smtp.EnhancedCode{5, 7, 8}, kind: Credentials},
	{enhanced: smtp.EnhancedCode{5, 7, 9}, kind: TooWeak},
	{enhanced: smtp.EnhancedCode{5, 7, 10}, kind: NeedsTLS},
	{enhanced: smtp.EnhancedCode{5, 7, 11}, kind: NeedsTLS},
	{enhanced: smtp.EnhancedCode{4, 7, 12}, kind: Transition},
	{enhanced: smtp.EnhancedCode{5, 7, 13}, kind: Policy}, // the account is disabled
	{enhanced: smtp.EnhancedCode{5, 7, 14}, kind: Policy}, // no trust
	{enhanced: smtp.EnhancedCode{5, 5, 6}, kind: Form},
	{code: 432, kind: Transition},
	{code: 454, kind: Temporary},
	{code: 500, kind: Form},
	{code: 501, kind: Form},
	{code: 502, kind: Order},
	{code: 503, kind: Order},
	{code: 504, kind: Mechanism},
	{code: 523, kind: NeedsTLS},
	{code: 524, kind: Credentials}, // Alibaba's
	{code: 526, kind: Credentials}, // and this
	{code: 530, kind: NeedsAuth},
	{code: 534, kind: TooWeak},
	{code: 535, kind: Credentials},
	{code: 538, kind: NeedsTLS},
}

// reasons are what a server finds, by kind.
var reasons = []struct {
	kind Kind
	list []string
}{
	{Credentials, []string{"unknown-user", "wrong-password", "withheld", "empty", "not-prepared", "prepared-only"}},
	{Authorization, []string{"not-authorized"}},
	{Token, []string{"malformed-token", "bad-signature", "wrong-issuer", "expired", "wrong-audience", "wrong-scope", "wrong-user", "wrong-host"}},
	{Ticket, []string{"wrong-service", "wrong-service-key", "wrong-authenticator", "wrong-principal", "wrong-checksum", "clock-skew", "ticket-expired",
		"replayed", "no-layer"}},
	{Certificate, []string{"no-certificate"}},
	{Binding, []string{"no-binding", "binding-flag", "binding-type", "other-channel"}},
	{Altered, []string{"downgrade", "header-changed", "wrong-nonce", "wrong-target", "wrong-mic"}},
	{TooWeak, []string{"old-response"}},
	{Transition, []string{"no-clear-password", "other-verifier"}},
	{Form, []string{"malformed", "initial-response", "mandatory-extension", "trace", "no-qop", "wrong-realm", "wrong-uri", "zero-number",
		"unknown-group", "group-too-large", "no-hash"}},
	{Temporary, []string{"too-many-iterations", "too-much-work"}},
}
