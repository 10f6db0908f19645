package quirk

// What a server can be asked to do.
const (
	AuthBeforeEHLO     Name = "auth-before-ehlo"
	AuthAfterHELO      Name = "auth-after-helo"
	AuthTwice          Name = "auth-twice"
	AuthInTransaction  Name = "auth-in-transaction"
	AuthAsListed       Name = "auth-as-listed"       // AUTH is refused unless the last EHLO reply listed it
	ExtraIgnored       Name = "auth-extra-ignored"   // what stands behind the initial response
	ExtraDecoded       Name = "auth-extra-decoded"   // it is taken for more of the base64
	MechanismCase      Name = "mechanism-case"       // names in lower case are unknown
	AnyMechanism       Name = "any-mechanism"        // an unknown one is treated as PLAIN
	TLSForAny          Name = "tls-for-any"          // any AUTH in clear text is told of TLS
	ListedEarly        Name = "auth-listed-early"    // AUTH is listed in clear text, and refused there
	ListedAfter        Name = "auth-listed-after"    // AUTH is still listed after log-in
	InitialIgnored     Name = "initial-ignored"      // of a mechanism that takes none
	LoginInitialUnread Name = "login-initial-unread" // LOGIN asks for the name all the same
	LoginNameWanted    Name = "login-name-wanted"    // an empty name is refused before the password is asked for
	AnyPassword        Name = "any-password"         // and any name
	EqualsSign         Name = "equals-sign"          // "=" is no base64
	Base64Lenient      Name = "base64-lenient"       // what is not base64 is skipped
	StarIsData         Name = "star-is-data"         // "*" is a response like any other
	CommandsInExchange Name = "commands-in-exchange" // a command in place of a response is obeyed
	PlainSilent        Name = "plain-silent"         // AUTH PLAIN without its response gets no 334
	PlainNeedsInitial  Name = "plain-needs-initial"  // it fails
	BareChallenge      Name = "challenge-bare"       // an empty challenge is 334 without its space
	ChallengeClear     Name = "challenge-clear"      // challenges are not in base64
	AuthzidIgnored     Name = "authzid-ignored"      // PLAIN's authorization identity is not looked at
	SurvivesTLS        Name = "login-survives-tls"
	EHLOForgets        Name = "ehlo-forgets-login" // a second EHLO ends the log-in
	EHLOOnce           Name = "ehlo-once"          // a second one is refused
	NoPipelining       Name = "no-pipelining"      // octets sent ahead end the session
	BareLF             Name = "bare-lf"            // LF alone ends a line
	AuthFirst          Name = "auth-first"         // RCPT and DATA too are told of authentication
	OpenRelay          Name = "open-relay"
	SenderAtRCPT       Name = "sender-at-rcpt" // the sender is checked once RCPT comes
	SenderAtEnd        Name = "sender-at-end"  // or after the message
	SenderDomain       Name = "sender-domain"  // its domain alone is compared
	MailAuthUnknown    Name = "mail-auth-unknown"
	MailAuthUnchecked  Name = "mail-auth-unchecked"
	MailAuthBrackets   Name = "mail-auth-brackets"  // AUTH= wants angle brackets
	LinesCut           Name = "lines-cut"           // a line over the limit is cut there and obeyed
	FailuresAreErrors  Name = "failures-are-errors" // failed log-ins count with refused commands
	OneErrorCount      Name = "errors-unknown-only" // only unknown commands are counted
	DigestAnyURI       Name = "digest-any-uri"      // DIGEST-MD5 for another service is taken
	DigestQuotes       Name = "digest-quotes"       // the algorithm stands in quotes
	DigestIntegrity    Name = "digest-integrity"    // auth-int is offered, and plain text behind it ends the session
	Delivered250       Name = "success-250"         // 250 where the RFC says 235
)

// What a server's own words come to: departures that no set asks for.
const (
	OtherCode   Name = "other-code"   // a reply has another code than the rule asks for
	OtherPrompt Name = "other-prompt" // LOGIN asks neither "Username:" nor "Password:"
	HangsUp     Name = "hangs-up"     // the connection is closed without 421
)

// Worded are these. The rule on which the first bears is that of its reply.
var Worded = []Quirk{
	{OtherCode, Server, "", "reply"},
	{OtherPrompt, Server, "LOG-01", "334"},
	{HangsUp, Server, "REP-11", "reply"},
}

var servers = []Quirk{
	{ListedEarly, Server, "AUTH-02", "EHLO"},
	{ListedAfter, Server, "AUTH-47", "EHLO"},
	{EHLOOnce, Server, "SEQ-06", "EHLO"},
	{EHLOForgets, Server, "SEQ-06", "EHLO"},
	{SurvivesTLS, Server, "TLS-14", "STARTTLS"},
	{AuthBeforeEHLO, Server, "AUTH-05", "AUTH"},
	{AuthAfterHELO, Server, "AUTH-05", "AUTH"},
	{AuthAsListed, Server, "AUTH-06", "AUTH"},
	{AuthTwice, Server, "AUTH-10", "AUTH"},
	{AuthInTransaction, Server, "AUTH-11", "AUTH"},
	{TLSForAny, Server, "TLS-16", "AUTH"},
	{MechanismCase, Server, "AUTH-03", "AUTH"},
	{AnyMechanism, Server, "AUTH-09", "AUTH"},
	{ExtraIgnored, Server, "AUTH-08", "AUTH"},
	{ExtraDecoded, Server, "AUTH-08", "AUTH"},
	{InitialIgnored, Server, "AUTH-16", "AUTH"},
	{LoginInitialUnread, Server, "LOG-05", "AUTH"},
	{LoginNameWanted, Server, "LOG-06", "response"},
	{AnyPassword, Server, "AUTH-27", "response"},
	{EqualsSign, Server, "AUTH-13", "AUTH"},
	{PlainSilent, Server, "AUTH-15", "AUTH"},
	{PlainNeedsInitial, Server, "AUTH-15", "AUTH"},
	{BareChallenge, Server, "REP-04", "334"},
	{ChallengeClear, Server, "REP-17", "334"},
	{StarIsData, Server, "AUTH-21", "response"},
	{Base64Lenient, Server, "AUTH-22", "response"},
	{CommandsInExchange, Server, "AUTH-40", "response"},
	{AuthzidIgnored, Server, "SAS-02", "response"},
	{DigestAnyURI, Server, "DIG-12", "response"},
	{DigestQuotes, Server, "DIG-01", "334"},
	{DigestIntegrity, Server, "DIG-15", "response"},
	{Delivered250, Server, "AUTH-28", "response"},
	{FailuresAreErrors, Server, "AUTH-36", "response"},
	{AuthFirst, Server, "AUTH-34", "RCPT"},
	{OpenRelay, Server, "SUB-04", "RCPT"},
	{SenderAtRCPT, Server, "SUB-03", "RCPT"},
	{SenderAtEnd, Server, "SUB-03", "DATA"},
	{SenderDomain, Server, "SUB-03", "MAIL"},
	{MailAuthUnknown, Server, "PAR-01", "MAIL"},
	{MailAuthUnchecked, Server, "PAR-02", "MAIL"},
	{MailAuthBrackets, Server, "PAR-02", "MAIL"},
	{LinesCut, Server, "CMD-04", "line"},
	{BareLF, Server, "CMD-02", "line"},
	{NoPipelining, Server, "SEQ-20", "line"},
	{OneErrorCount, Server, "REP-11", "line"},
}
