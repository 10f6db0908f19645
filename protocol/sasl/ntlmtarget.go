package sasl

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// The target info of a CHALLENGE_MESSAGE is a list of AV_PAIRs ([MS-NLMP]
// §2.2.2.1): AvId, AvLen, 2 octets each, and the value. MsvAvEOL ends it.
const (
	avEOL             uint16 = 0
	avNbComputerName  uint16 = 1
	avNbDomainName    uint16 = 2
	avDNSComputerName uint16 = 3
	avDNSDomainName   uint16 = 4
	avFlags           uint16 = 6
	avTimestamp       uint16 = 7

	avHasMIC uint32 = 2 // of avFlags: the AUTHENTICATE_MESSAGE has a MIC
)

// avNames are what the ids are called, as labels.
var avNames = []string{"MsvAvEOL", "MsvAvNbComputerName", "MsvAvNbDomainName", "MsvAvDnsComputerName", "MsvAvDnsDomainName",
	"AvPair", "MsvAvFlags", "MsvAvTimestamp"}

// An avPair is one to be written.
type avPair struct {
	id    uint16
	value trace.Value
}

func (p avPair) head() trace.Value {
	octets := binary.LittleEndian.AppendUint16(nil, p.id)
	return trace.Value{Octets: binary.LittleEndian.AppendUint16(octets, uint16(len(p.value.Octets)))}
}

// targetInfo writes pairs, and the end behind them.
func targetInfo(env *Env, pairs ...avPair) trace.Value {
	var vs []trace.Value
	for _, p := range append(pairs, avPair{id: avEOL}) {
		vs = append(vs, p.head(), p.value)
	}
	return env.Trace.Concat("target-info", vs...)
}

// An avList is target info that was taken apart.
type avList struct {
	octets []byte
	pairs  []avSpan
	broken bool // it does not end in MsvAvEOL, or a length does not fit
}

type avSpan struct {
	id    uint16
	value span // in octets; 4 octets before it are the head
}

func avPairs(octets []byte) avList {
	l := avList{octets: octets}
	for at := 0; ; {
		if len(octets)-at < 4 {
			l.broken = true
			return l
		}
		id, length := binary.LittleEndian.Uint16(octets[at:]), int(binary.LittleEndian.Uint16(octets[at+2:]))
		if at += 4; length > len(octets)-at || id == avEOL && length > 0 || id == avTimestamp && length != 8 || id == avFlags && length != 4 {
			l.broken = true
			return l
		}
		l.pairs = append(l.pairs, avSpan{id, span{at, at + length}})
		if at += length; id == avEOL {
			return l
		}
	}
}

// find returns the value of the first pair with an id.
func (l avList) find(id uint16) (span, bool) {
	i := slices.IndexFunc(l.pairs, func(p avSpan) bool { return p.id == id })
	if i < 0 || l.broken {
		return span{}, false
	}
	return l.pairs[i].value, true
}

func (l avList) flags() uint32 {
	v, found := l.find(avFlags)
	if !found {
		return 0
	}
	return binary.LittleEndian.Uint32(l.octets[v.from:])
}

// hold reports whether each pair of sent is among those of l: the client repeats
// them all.
func (l avList) hold(sent avList) bool {
	for _, p := range sent.pairs {
		v, found := l.find(p.id)
		if !found || !bytes.Equal(l.octets[v.from:v.to], sent.octets[p.value.from:p.value.to]) {
			return false
		}
	}
	return true
}

// fields are the pairs as fields of what the list is in, offset octets behind
// its begin.
func (l avList) fields(offset int) (fields []trace.Field) {
	for _, p := range l.pairs {
		value, label := l.octets[p.value.from:p.value.to], "AvPair"
		if int(p.id) < len(avNames) {
			label = avNames[p.id]
		}
		reads := ""
		switch p.id {
		case avNbComputerName, avNbDomainName, avDNSComputerName, avDNSDomainName:
			reads = wideText(value)
		case avFlags:
			reads = flagNames(binary.LittleEndian.Uint32(value), []string{"CONSTRAINED", "MIC", "UNTRUSTED_SPN"})
		case avTimestamp:
			reads = fileTimeText(value)
		}
		fields = append(fields, trace.Field{Label: label, From: offset + p.value.from - 4, To: offset + p.value.to, Reads: reads})
	}
	return fields
}

// withMIC sets the flag of the target info that promises a MIC.
func withMIC(env *Env, info trace.Value) trace.Value {
	l := avPairs(info.Octets)
	if v, found := l.find(avFlags); found {
		flags := ntlmNumber(l.flags() | avHasMIC)
		return env.Trace.Concat("target-info", info.Range(0, v.from), flags, info.From(v.to))
	}
	end := l.pairs[len(l.pairs)-1].value.from - 4
	p := avPair{avFlags, ntlmNumber(avHasMIC)}
	return env.Trace.Concat("target-info", info.Range(0, end), p.head(), p.value, info.From(end))
}

// A FILETIME counts 100 nanoseconds since 1601, 8 octets, the low one first.
const (
	ticks     = 10_000_000     // a second
	until1970 = 11_644_473_600 // seconds
)

func filetime(t time.Time) []byte {
	n := uint64(t.Unix()+until1970)*ticks + uint64(t.Nanosecond()/100)
	return binary.LittleEndian.AppendUint64(nil, n)
}

// fileTimeText is the time by RFC 3339; empty past the year 9999.
func fileTimeText(octets []byte) string {
	n := binary.LittleEndian.Uint64(octets)
	t := time.Unix(int64(n/ticks)-until1970, int64(n%ticks)*100).UTC()
	if t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}
