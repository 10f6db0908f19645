package slim

import (
	"errors"
	"fmt"
	"slices"
)

// By a program counter the runtime finds a function in two tables that follow
// from the records (runtime/symtab.go, findfunc): the index, and buckets of
// program counters. A bucket is the number in the index of the function that it
// begins with, in 4 octets, and behind it what to add to that in parts of the
// bucket: nothing, since each function has 1<<16 program counters here, the
// bucket 1<<12 of them.
const (
	bucketSize  = 4 + 16 // octets
	bucketShift = 16 - 12
)

// computeIndex takes out what follows from the records, and returns the body of
// a function that puts it back.
func (f *functions) computeIndex() ([]byte, error) {
	if f.atRecords%recordAlign != 0 {
		return nil, fmt.Errorf("the line table has its records at %#x", f.atRecords)
	}
	first, at := half(f.records), uint64(indexSize*(f.count+1))
	for i := range f.count {
		r, err := f.record(i)
		if err != nil {
			return nil, err
		}
		if half(r[recordEntry:]) != first+uint32(i) || uint64(half(f.records[indexSize*i+4:])) != at {
			return nil, fmt.Errorf("function %d does not follow the one before in the line table", i)
		}
		at += (recordSize(r) + recordAlign - 1) &^ (recordAlign - 1)
	}
	if half(f.records[indexSize*f.count:]) != first+uint32(f.count) {
		return nil, errors.New("the line table has no end behind the last function")
	}
	buckets := 0
	for bucket := range slices.Chunk(f.buckets, bucketSize) {
		if len(bucket) < 4 || half(bucket) != uint32(buckets>>bucketShift) || !zero(bucket[4:]) {
			return nil, fmt.Errorf("bucket %d of the line table leads to another function than its own", buckets)
		}
		buckets++
	}
	if buckets == 0 {
		return nil, errors.New("the line table has no buckets")
	}
	for i := range f.count {
		r, _ := f.record(i)
		clear(r[recordEntry:][:4])
	}
	clear(f.records[:indexSize*(f.count+1)])
	clear(f.buckets)
	return f.indexer(first, buckets), nil
}

func zero(octets []byte) bool {
	return !slices.ContainsFunc(octets, func(b byte) bool { return b != 0 })
}

// Instructions (WebAssembly Core 2.0 §5.4).
const (
	loop     = 0x03 // with the type of a block
	end      = 0x0b
	brIf     = 0x0d // with how many blocks further out
	get      = 0x20 // with a local
	set      = 0x21
	tee      = 0x22
	load     = 0x28 // with the logarithm of the alignment, and an offset
	load8    = 0x2d
	store    = 0x36
	constant = 0x41 // with a number
	notEqual = 0x47
	add      = 0x6a
	sub      = 0x6b
	and      = 0x71
	shl      = 0x74
	shr      = 0x76

	i32     = 0x7f
	nothing = 0x40 // type of a block
)

// indexer returns the body of a function that writes the index and the buckets.
func (f *functions) indexer(first uint32, buckets int) []byte {
	const n, to, record = 0, 1, 2 // locals
	code := []byte{1, 3, i32}
	do := func(octets ...byte) { code = append(code, octets...) }
	number := func(n uint64) { code = appendSigned(append(code, constant), int32(n)) }
	let := func(local byte, value uint64) { number(value); do(set, local) }
	again := func(size, last uint64) { // ends a loop over something of that size
		do(get, to)
		number(size)
		do(add, set, to, get, n)
		number(1)
		do(add, tee, n)
		number(last)
		do(notEqual, brIf, 0, end)
	}

	let(n, uint64(first))
	let(to, f.atRecords)
	let(record, f.atRecords+uint64(indexSize*(f.count+1)))
	do(loop, nothing)
	do(get, to, get, n, store, 2, 0)
	do(get, to, get, record)
	number(f.atRecords)
	do(sub, store, 2, 4)
	do(get, record, get, n, store, 2, recordEntry)
	do(get, record, load, 2, recordPCs, get, record, load8, 0, recordData, add)
	number(2)
	do(shl, get, record, add)
	number(recordHead + recordAlign - 1)
	do(add)
	number(1<<32 - recordAlign)
	do(and, set, record)
	again(indexSize, uint64(first)+uint64(f.count))
	do(get, to, get, n, store, 2, 0)

	let(n, 0)
	let(to, f.atBuckets)
	do(loop, nothing)
	do(get, to, get, n)
	number(bucketShift)
	do(shr, store, 2, 0)
	again(bucketSize, uint64(buckets))
	do(end)
	return code
}
