package io.serverlesscontainers.examples;

final class Main {
    public static void main(String[] a) {}
}
