package kerberos

import (
	"time"

	"example.org/smtpauth/protocol/trace"
)

// A reader goes through elements that stand one behind the other. Once
// something is wrong, with it or with a reader it gave, all stay so.
type reader struct {
	rec     *trace.Recorder
	message trace.Value
	at, end int
	wrong   *bool
}

// read starts at the first octet of a message.
func read(rec *trace.Recorder, message trace.Value) *reader {
	return &reader{rec, message, 0, len(message.Octets), new(bool)}
}

// next finds where the content of the next element starts and ends, and goes
// behind it. It has to have this tag, and a length as short as it can be
// written (X.690 §10.1).
func (r *reader) next(tag byte) (from, to int) {
	p := r.message.Octets
	if !r.has(tag) || r.end-r.at < 2 {
		*r.wrong = true
		return 0, 0
	}
	from = r.at + 2
	n := int(p[r.at+1])
	if n >= 0x80 {
		size := n - 0x80
		if size < 1 || size > 3 || size > r.end-from { // no message here is longer than 16 MiB
			*r.wrong = true
			return 0, 0
		}
		n = 0
		for _, b := range p[from : from+size] {
			n = n<<8 | int(b)
		}
		if n < 0x80 || p[from] == 0 {
			*r.wrong = true
			return 0, 0
		}
		from += size
	}
	if n > r.end-from {
		*r.wrong = true
		return 0, 0
	}
	r.at = from + n
	return from, r.at
}

// has reports whether the next element has this tag.
func (r *reader) has(tag byte) bool {
	return !*r.wrong && r.at < r.end && r.message.Octets[r.at] == tag
}

// hasField reports whether the next element is field n.
func (r *reader) hasField(n byte) bool { return r.has(tagField + n) }

// enter takes an element and reads what is inside.
func (r *reader) enter(tag byte) *reader {
	from, to := r.next(tag)
	return &reader{r.rec, r.message, from, to, r.wrong}
}

func (r *reader) sequence() *reader { return r.enter(tagSequence) }

// field enters field n, which is one element.
func (r *reader) field(n byte) *reader {
	f := r.enter(tagField + n)
	if *r.wrong = *r.wrong || f.at == f.end; !*r.wrong {
		whole := *f
		whole.next(whole.message.Octets[whole.at])
		whole.ends()
	}
	return f
}

// application enters an application tag and the sequence inside, which is all.
func (r *reader) application(n byte) *reader {
	app := r.enter(tagApp + n)
	r.ends()
	inner := app.sequence()
	app.ends()
	return inner
}

// ends notes a fault where something is left.
func (r *reader) ends() { *r.wrong = *r.wrong || r.at != r.end }

// cut notes the content of an element.
func (r *reader) cut(label string, tag byte) trace.Value {
	from, to := r.next(tag)
	if *r.wrong {
		return trace.Value{}
	}
	return r.rec.Cut(label, r.message, from, to)
}

// raw notes the next element, tag and all.
func (r *reader) raw(label string, tag byte) trace.Value {
	from := r.at
	if _, to := r.next(tag); !*r.wrong {
		return r.rec.Cut(label, r.message, from, to)
	}
	return trace.Value{}
}

// skip goes behind the next field, which is not looked at, if it is field n.
func (r *reader) skip(n byte) {
	if r.hasField(n) {
		r.next(tagField + n)
	}
}

// number reads an integer of up to 5 octets, which every number here fits in.
func (r *reader) number() (n int64) {
	from, to := r.next(tagInteger)
	if *r.wrong || to == from || to-from > 5 {
		*r.wrong = true
		return 0
	}
	n = int64(int8(r.message.Octets[from]))
	for _, b := range r.message.Octets[from+1 : to] {
		n = n<<8 | int64(b)
	}
	return n
}

// is notes a fault where field n is not this number.
func (r *reader) is(n byte, want int64) { *r.wrong = r.field(n).number() != want || *r.wrong }

// noted reads field n, an integer, and notes its octets.
func (r *reader) noted(n byte, label string) (trace.Value, int64) {
	inner := r.field(n)
	again := *inner
	v := inner.cut(label, tagInteger)
	return v, again.number()
}

// bits reads field n, flags of which the first 32 count.
func (r *reader) bits(n byte) (flags uint32) {
	from, to := r.field(n).next(tagBits)
	if *r.wrong || to-from < 5 {
		*r.wrong = true
		return 0
	}
	for _, b := range r.message.Octets[from+1 : from+5] {
		flags = flags<<8 | uint32(b)
	}
	return flags
}

const timeLayout = "20060102150405Z" // RFC 4120 §5.2.3: UTC, no fractions

// time reads field n.
func (r *reader) time(n byte, label string) (trace.Value, time.Time) {
	v := r.field(n).cut(label, tagTime)
	if *r.wrong {
		return v, time.Time{}
	}
	at, err := time.Parse(timeLayout, v.String())
	*r.wrong = err != nil
	return v, at
}

func timeOctets(t time.Time) []byte { return []byte(t.UTC().Format(timeLayout)) }
