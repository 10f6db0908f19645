package quirk

// free are choices that the RFCs leave open: no MUST and no SHOULD of theirs is
// against them. All other quirks are departures.
var free = Set{
	ListedAfter,         // AUTH-47: listing it is harmless
	AuthAsListed,        // AUTH-06: what was not offered may be refused
	TLSForAny,           // TLS-16: 530 may answer every command but a few
	LoginInitialUnread,  // LOG-05: no RFC has LOGIN
	LoginNameWanted,     // LOG-06
	OtherPrompt,         // LOG-01
	FailuresAreErrors,   // AUTH-36 counts log-ins alone
	OneErrorCount,       // REP-11 names no number
	AuthFirst,           // AUTH-34: any command may want it
	SenderAtRCPT,        // SUB-03 is a MAY
	SenderAtEnd,         //
	SenderDomain,        //
	NoPipelining,        // SEQ-20: it was not offered
	LegacyUnread,        // AUTH-04: no RFC has the old form
	FirstAuthLine,       //
	LastAuthLine,        //
	WithoutAuth,         // AUTH-37: authentication is the client's to want
	WithoutCommon,       //
	OnRefused,           //
	TriesNext,           // AUTH-37 is a MAY
	ResetBetween,        //
	NextAfterCancel,     //
	TemporaryEnds,       // AUTH-30
	HELOTried,           // REP-15 is a MAY
	InitialPlain,        // AUTH-15: an initial response is never a duty
	LoginNameAsked,      //
	ServersOrder,        // AUTH-38: neither is stronger
	AuthzidSelf,         // PLA-07
	LowerMechanism,      // AUTH-03: names match in any case
	LowerVerbs,          // CMD-01
	Unprepared,          // CRM-07: neither RFC 2195 nor RFC 2831 names SASLprep
	DigestQuoted,        // DIG-02: quotes break the grammar
	Any2xx,              // REP-07: the first digit decides
	NoopFirst, NoopMail, // SEQ-10
	ResetAfter, ResetRefused, // SEQ-08
	SizeUnsaid, // SIZ-01
	BodyAlways, // EBM-01
	UTF8Always, // UTF-01
}

// Free reports whether n is a choice that the RFCs leave open, and no departure.
func (n Name) Free() bool { return free.Has(n) }
