package io.tailrace.service;

/** What a path answers with; the body is not to be changed afterwards. */
@SuppressWarnings("ArrayRecordComponent") // Pages are sent, never compared.
public record Page(String contentType, byte[] body) {}
