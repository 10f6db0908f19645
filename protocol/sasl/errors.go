package sasl

import (
	"maps"
	"slices"
)

// An Error ends an exchange. Rule is the id in spec/rules.md that decided, and
// Reason an id for whoever may see this half; to the peer all of a Kind look
// alike (RFC 4954 §4).
type Error struct {
	Kind   Kind
	Rule   string // empty where no rule speaks: a withheld password, a call out of step
	Reason string // one of Reasons
}

// A Kind is what the peer is told.
type Kind string

const (
	Refused    Kind = "refused"    // server: credentials, authzid or message not accepted
	Transition Kind = "transition" // server: no verifier for this mechanism is stored (RFC 4954 §6, 432)
	Unwanted   Kind = "unwanted"   // server: an initial response this mechanism does not take (RFC 4954 §4, 501)
	Local      Kind = "local"      // client: the credentials cannot be sent so; nothing was
	Peer       Kind = "peer"       // client: the server broke the mechanism; the exchange is cancelled
	Impostor   Kind = "impostor"   // client: the server's own proof is wrong; the connection is closed
	OutOfStep  Kind = "out-of-step"
)

func (e *Error) Error() string { return "sasl: " + string(e.Kind) + ": " + e.Reason }

// Is reports whether target is an *Error of the same Kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Reason == "" || t.Reason == e.Reason)
}

// ErrOutOfStep is returned by a half that is called after it has finished.
var ErrOutOfStep = &Error{Kind: OutOfStep, Reason: "out-of-step"}

// Section is where the rule of e comes from; empty where it has none.
func (e *Error) Section() string { return sections[e.Rule] }

var sections = map[string]string{
	"AUTH-15": "RFC 4954 §4", "AUTH-27": "RFC 4954 §4", "AUTH-31": "RFC 4954 §6",
	"CRM-05": "CRAM-MD5-09 draft §3", "CRM-06": "RFC 4954 §4", "CRM-07": "CRAM-MD5-09 draft §4",
	"LOG-03": "LOGIN draft §2.1", "LOG-05": "RFC 4954 §4", "CRM-03": "RFC 2195 §2", "LOG-06": "LOGIN draft §2", "LOG-09": "RFC 4954 §4",
	"PLA-01": "RFC 4616 §2", "PLA-02": "RFC 4616 §2", "PLA-04": "RFC 4616 §2", "PLA-05": "RFC 4616 §2", "PLA-07": "RFC 4616 §2",
	"SCR-01": "RFC 5802 §7", "SCR-02": "RFC 5802 §5.1", "SCR-03": "RFC 5802 §5.1", "SCR-04": "RFC 5802 §5.1", "SCR-05": "RFC 5802 §5.1", "SCR-06": "RFC 5802 §5.1",
	"SCR-08": "RFC 5802 §5.1", "SCR-11": "RFC 5802 §5.1", "SCR-12": "RFC 5802 §5.1", "SCR-13": "RFC 4954 §4", "SCR-14": "RFC 5802 §5",
	"SCR-15": "RFC 5802 §6", "SCR-17": "RFC 5802 §6", "SCR-20": "RFC 5802 §7", "SCR-21": "RFC 5802 §7",
	"CHB-05": "RFC 5802 §6.1", "CHB-06": "RFC 5802 §4",
	"DIG-02": "RFC 2831 §2.1.1", "DIG-03": "RFC 2831 §7.1", "DIG-09": "RFC 2831 §2.1.3", "DIG-10": "RFC 2831 §2.1.3", "DIG-11": "RFC 2831 §2.1.2",
	"DIG-12": "RFC 2831 §2.1.2", "DIG-14": "RFC 2831 §2.1.2", "DIG-15": "RFC 2831 §2.1.1", "DIG-16": "RFC 2831 §2.2",
	"XOA-01": "Google XOAUTH2", "XOA-02": "Google XOAUTH2", "XOA-04": "Google XOAUTH2",
	"OAB-01": "RFC 7628 §3.1", "OAB-03": "RFC 7628 §3.2.2", "OAB-05": "RFC 7628 §3.1", "OAB-07": "RFC 7628 §3.1", "OAB-08": "RFC 7628 §3.2.1",
	"EXN-01": "RFC 4422 App. A.1", "EXN-02": "RFC 4422 App. A.1", "EXN-03": "RFC 4422 App. A.1", "ANO-01": "RFC 4505 §2", "ANO-02": "RFC 4505 §3",
	"NTL-04": "[MS-NLMP] §2.2.1", "NTL-05": "[MS-NLMP] §3.3.1", "NTL-07": "[MS-NLMP] §2.2.1.3", "NTL-08": "[MS-NLMP] §3.1.5.1.2", "DEP-05": "Microsoft 2024",
	"SRP-01": "SRP-08 draft §3", "SRP-02": "SRP-08 draft §4", "SRP-05": "RFC 5054 §2.5.4", "SRP-06": "SRP-08 draft §6.2", "SRP-08": "SRP-08 draft §4.5",
	"SRP-09": "SRP-08 draft §4.3",
	"GSS-01": "RFC 4752 §3.1", "GSS-02": "RFC 4752 §3.3", "GSS-04": "RFC 4752 §3.1", "GSS-05": "RFC 4752 §3.1", "GSS-06": "RFC 4120 §3.1", "GSS-07": "RFC 4752 §3.2",
	"SAS-02": "RFC 4422 §3.6", "SAS-03": "RFC 4954 §4", "SAS-09": "RFC 3962 §8",
}

// RuleIDs are the rules that a mechanism or an error of one may name.
func RuleIDs() []string {
	ids := slices.Collect(maps.Keys(sections))
	for _, m := range Mechanisms() {
		ids = append(ids, m.Rule)
		if m.Checks != "" {
			ids = append(ids, m.Checks)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
