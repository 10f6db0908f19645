package quirk

// What a client can be asked to do.
const (
	KeywordCase      Name = "keyword-case"     // knows AUTH in upper case only
	NamesAsWritten   Name = "names-as-written" // knows mechanisms in upper case only
	LegacyUnread     Name = "legacy-unread"    // does not read "AUTH="
	LegacyAlone      Name = "legacy-alone"     // reads nothing else
	FirstAuthLine    Name = "auth-line-first"
	LastAuthLine     Name = "auth-line-last"
	Unlisted         Name = "auth-unlisted"     // tries AUTH though no EHLO reply listed any
	UnlistedName     Name = "name-unlisted"     // or lists others
	WithoutAuth      Name = "on-without-auth"   // goes on where no AUTH is listed
	WithoutCommon    Name = "on-without-common" // or none that it does
	OnRefused        Name = "on-refused"        // goes on after AUTH was refused
	HELOTried        Name = "helo-tried"        // falls back to HELO though it needs EHLO
	AnyOrder         Name = "any-order"         // the mechanisms stand in no order
	TriesNext        Name = "tries-next"        // one mechanism after the other
	TriesTwice       Name = "tries-twice"       // PLAIN once more
	ResetBetween     Name = "reset-between"
	NextAfterCancel  Name = "next-after-cancel"
	InitialPlain     Name = "initial-plain-alone" // no other mechanism's first response stands on the AUTH line
	LoginNameAsked   Name = "login-name-asked"    // LOGIN alone waits for its prompt
	ServersOrder     Name = "servers-order"       // among PLAIN and LOGIN, the server's
	AuthzidSelf      Name = "authzid-self"        // names the user as authorization identity too
	LowerMechanism   Name = "mechanism-lower"
	LowerVerbs       Name = "verbs-lower"
	LoginExact       Name = "login-exact-prompts"
	LoginKnown       Name = "login-known-prompts"
	ChallengeUnread  Name = "challenge-unread"   // whatever stands behind 334
	ChallengeMended  Name = "challenge-mended"   // what is no base64 is skipped
	GarbageEnds      Name = "garbage-ends"       // a challenge that is no base64 ends the session
	EmptyRefused     Name = "empty-refused"      // so does a bare 334
	PlainAgain       Name = "plain-again"        // PLAIN is sent once more when asked again
	NeverCancels     Name = "never-cancels"      // what it cannot answer counts as a refusal
	ExtraAgain       Name = "extra-again"        // one challenge too many gets the last response again
	TemporaryEnds    Name = "temporary-ends"     // 4xx is no reason to try another mechanism
	ExtraEmpty       Name = "extra-empty"        // one challenge too many gets an empty line
	ExtraEnds        Name = "extra-ends"         // or counts as a refusal
	ExtraSuccess     Name = "extra-success"      // or as success
	DigestQuoted     Name = "digest-quoted"      // DIGEST-MD5 with its algorithm in quotes is cancelled
	ASCIIAlone       Name = "ascii-alone"        // what is not ASCII cannot be said, and ends the session
	Unprepared       Name = "unprepared"         // CRAM-MD5 and DIGEST-MD5 with name and password in the octets that were typed
	DigestChoosesInt Name = "digest-chooses-int" // auth-int is taken where offered, and no layer follows
	Any2xx           Name = "any-2xx"
	Refuse2xx        Name = "other-2xx-refused" // what is not 235 counts as a refusal
	HELOAuth         Name = "helo-auth"         // AUTH is tried after HELO
	Already503       Name = "already-503"       // 503 is taken for: logged in
	ShortUnread      Name = "short-unread"      // a reply of three digits is not understood
	ShortWaits       Name = "short-waits"       // or not seen as whole
	StrayStar        Name = "stray-star"        // "*" after a refusal
	NoQuit           Name = "no-quit"
	CloseOnFailure   Name = "close-on-failure"
	CloseOnMail      Name = "close-on-mail-refused"
	DataAnyway       Name = "data-anyway" // DATA follows whatever MAIL and RCPT came to, and then nothing
	CloseOnCancel    Name = "close-on-cancel"
	NoopFirst        Name = "noop-first"
	NoopMail         Name = "noop-mail"
	ResetAfter       Name = "reset-after"
	ResetRefused     Name = "reset-refused"
	SizeUnsaid       Name = "size-unsaid"
	BodyAlways       Name = "body-always"
	UTF8Always       Name = "utf8-always"
	OnMailRefused    Name = "on-mail-refused"
	AuthBeforeTLS    Name = "auth-before-starttls" // STARTTLS comes once it is logged in, and no other log-in
	LettersKept      Name = "letters-kept"         // a line that begins with R or Q is an order to the program, which ends
)

// LoginExactPrompts is the older name of LoginExact: the client gives LOGIN up
// unless the challenges read exactly "Username:" and "Password:".
const LoginExactPrompts = LoginExact

var clients = []Quirk{
	{KeywordCase, Client, "REP-13", "EHLO"},
	{NamesAsWritten, Client, "AUTH-03", "EHLO"},
	{LegacyUnread, Client, "AUTH-04", "EHLO"},
	{LegacyAlone, Client, "AUTH-01", "EHLO"},
	{FirstAuthLine, Client, "AUTH-04", "EHLO"},
	{LastAuthLine, Client, "AUTH-04", "EHLO"},
	{Unlisted, Client, "AUTH-39", "AUTH"},
	{UnlistedName, Client, "AUTH-39", "AUTH"},
	{WithoutAuth, Client, "AUTH-37", "AUTH"},
	{WithoutCommon, Client, "AUTH-37", "AUTH"},
	{HELOTried, Client, "REP-15", "EHLO"},
	{AnyOrder, Client, "AUTH-38", "AUTH"},
	{TriesNext, Client, "AUTH-37", "AUTH"},
	{TriesTwice, Client, "AUTH-37", "AUTH"},
	{ResetBetween, Client, "AUTH-37", "AUTH"},
	{NextAfterCancel, Client, "AUTH-37", "AUTH"},
	{InitialPlain, Client, "AUTH-15", "AUTH"},
	{LoginNameAsked, Client, "LOG-05", "AUTH"},
	{ServersOrder, Client, "AUTH-38", "AUTH"},
	{AuthzidSelf, Client, "PLA-01", "AUTH"},
	{LowerMechanism, Client, "AUTH-03", "AUTH"},
	{LowerVerbs, Client, "CMD-01", "line"},
	{LoginExact, Client, "LOG-03", "challenge"},
	{LoginKnown, Client, "LOG-03", "challenge"},
	{ChallengeUnread, Client, "AUTH-19", "challenge"},
	{ChallengeMended, Client, "AUTH-19", "challenge"},
	{GarbageEnds, Client, "AUTH-19", "challenge"},
	{EmptyRefused, Client, "REP-05", "challenge"},
	{PlainAgain, Client, "AUTH-43", "challenge"},
	{NeverCancels, Client, "AUTH-19", "challenge"},
	{ExtraAgain, Client, "AUTH-43", "challenge"},
	{TemporaryEnds, Client, "AUTH-30", "outcome"},
	{ExtraEmpty, Client, "AUTH-43", "challenge"},
	{ExtraEnds, Client, "AUTH-43", "challenge"},
	{ExtraSuccess, Client, "AUTH-43", "challenge"},
	{DigestQuoted, Client, "DIG-02", "challenge"},
	{ASCIIAlone, Client, "PLA-01", "AUTH"},
	{Unprepared, Client, "CRM-07", "challenge"},
	{DigestChoosesInt, Client, "DIG-15", "challenge"},
	{Refuse2xx, Client, "REP-07", "outcome"},
	{HELOAuth, Client, "AUTH-39", "AUTH"},
	{Any2xx, Client, "REP-07", "outcome"},
	{Already503, Client, "REP-07", "outcome"},
	{ShortUnread, Client, "REP-05", "reply"},
	{ShortWaits, Client, "REP-05", "reply"},
	{StrayStar, Client, "AUTH-21", "outcome"},
	{OnRefused, Client, "AUTH-37", "outcome"},
	{NoQuit, Client, "SEQ-15", "QUIT"},
	{CloseOnFailure, Client, "SEQ-15", "outcome"},
	{CloseOnMail, Client, "SEQ-15", "MAIL"},
	{DataAnyway, Client, "PIP-04", "MAIL"},
	{CloseOnCancel, Client, "SEQ-15", "outcome"},
	{NoopFirst, Client, "SEQ-10", "AUTH"},
	{NoopMail, Client, "SEQ-10", "MAIL"},
	{ResetAfter, Client, "SEQ-08", "QUIT"},
	{ResetRefused, Client, "SEQ-08", "MAIL"},
	{SizeUnsaid, Client, "SIZ-01", "MAIL"},
	{BodyAlways, Client, "EBM-01", "MAIL"},
	{UTF8Always, Client, "UTF-01", "MAIL"},
	{OnMailRefused, Client, "SEQ-03", "MAIL"},
	{AuthBeforeTLS, Client, "TLS-07", "STARTTLS"},
	{LettersKept, Client, "SEQ-15", "line"},
}
